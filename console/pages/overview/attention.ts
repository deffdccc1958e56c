import type { AnyObject } from '../../catalog/any-object.ts';
import { compareTones, type Health, healthOf, type Tone } from '../../catalog/health.ts';

/** An object that is not well. */
export interface Ailing {
  readonly object: AnyObject;
  readonly health: Health;
  /** Since when, RFC 3339; empty where that is not known. */
  readonly since: string;
}

/** Objects of one kind that are not well for the same reason. */
export interface AilingGroup {
  readonly key: string;
  readonly tone: Tone;
  readonly kind: string;
  /** The reason in words. */
  readonly label: string;
  /** The longest ill first. */
  readonly objects: readonly Ailing[];
}

/** Before any controller has spoken. */
const never = '1970-01-01T00:00:00Z';

/** The objects that are not well, by kind and reason: the severest first, then those that are so for longest. */
export function ailingGroups(objects: readonly AnyObject[]): AilingGroup[] {
  const groups = Map.groupBy(
    objects.flatMap(ailing),
    ({ object, health }) => `${health.tone} ${object.kind} ${health.label}`,
  );
  return [...groups]
    .map(([key, members]) => {
      const sorted = members.toSorted((a, b) => compare(a.since, b.since));
      const [{ health, object }] = sorted as [Ailing, ...Ailing[]]; // A group has a member.
      return { key, tone: health.tone, kind: object.kind, label: health.label, objects: sorted };
    })
    .toSorted((a, b) => compareTones(a.tone, b.tone) || compare(a.objects[0]?.since, b.objects[0]?.since));
}

function ailing(object: AnyObject): Ailing[] {
  const health = healthOf(object);
  if (health.tone === 'good' || health.tone === 'idle') return [];
  const { creationTimestamp = '', deletionTimestamp } = object.metadata;
  const { lastTransitionTime = creationTimestamp } = health.condition ?? {};
  const since = deletionTimestamp ?? (lastTransitionTime === never ? creationTimestamp : lastTransitionTime);
  return [{ object, health, since }];
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
