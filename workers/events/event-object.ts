import { createHash } from 'node:crypto';
import type { NewObject } from '../../store/types.ts';
import type { Occurrence } from './occurrence.ts';

/** Where events about objects without a namespace are. */
const clusterNamespace = 'default';
const maxNameCharacters = 253;
const maxMessageCharacters = 1024;
const hashCharacters = 16;

/** Occurrences with the same key are the same thing happening again: one event with a count. */
export function keyOfOccurrence({ project, reporter, about, type, reason, message }: Occurrence): string {
  return JSON.stringify([project, about.uid, reporter, type, reason, message]);
}

/** Place of the event of an occurrence: the same for all that are counted together, in whichever process. */
export function placeOfEvent(occurrence: Occurrence): { readonly namespace: string; readonly name: string } {
  const { about } = occurrence;
  const hash = createHash('sha256').update(keyOfOccurrence(occurrence)).digest('hex').slice(0, hashCharacters);
  const prefix = about.name.slice(0, maxNameCharacters - hashCharacters - 1).replace(/[^a-z0-9]+$/, '');
  return { namespace: about.namespace ?? clusterNamespace, name: `${prefix}.${hash}` };
}

/** Some occurrences of one event, and when. Times are epoch ms. */
export interface Occurrences {
  readonly occurrence: Occurrence;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The event of the first occurrences. */
export function newEvent({ occurrence, count, firstMs, lastMs }: Occurrences): NewObject {
  const { about, type, reason, message, reporter } = occurrence;
  const component = `datumapis.com/${reporter}`;
  return {
    metadata: placeOfEvent(occurrence),
    involvedObject: about,
    reason,
    message: message.slice(0, maxMessageCharacters),
    type,
    count,
    firstTimestamp: time(firstMs),
    lastTimestamp: time(lastMs),
    source: { component },
    reportingComponent: component,
  };
}

/** RFC 3339 in UTC with seconds. */
export function time(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
