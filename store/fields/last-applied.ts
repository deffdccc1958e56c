import type { Resource } from '../../kinds/object.ts';
import { canonical, isObject, ownValue } from '../../kinds/schema/json.ts';
import { appliedFaults } from './applied-check.ts';
import { appliedSet } from './applied-set.ts';
import { compare } from './compare.ts';
import { difference, type Fields } from './field-set.ts';
import type { MapShape } from './shape.ts';

/** Annotation in which kubectl's client-side apply keeps what it applied. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager by whose applies the annotation is kept in step, so that users can go back to client-side apply. */
export const kubectlManager = 'kubectl';

/**
 * Fields that kubectl's client-side apply set and nobody changed since: kubectl may apply them on the server without a
 * conflict. Undefined where the annotation is missing or cannot be read.
 */
export function clientApplied(shape: MapShape, live: Resource): Fields | undefined {
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  if (!text) return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(last) || last['apiVersion'] !== live.apiVersion || appliedFaults(shape, last).length > 0)
    return undefined;
  const { taken, removed } = compare(shape, last, live);
  return difference(difference(appliedSet(shape, last), taken), removed);
}

/** The object with its annotation, if it has one, saying what is applied now. It is not touched. */
export function withLastApplied(object: Resource, applied: Readonly<Record<string, unknown>>): Resource {
  const { annotations } = object.metadata;
  if (annotations === undefined || !Object.hasOwn(annotations, lastAppliedAnnotation)) return object;
  const text = `${canonical(withoutAnnotation(applied))}\n`;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } },
  };
}

function withoutAnnotation(applied: Readonly<Record<string, unknown>>): unknown {
  const annotations = ownValue(applied['metadata'], 'annotations');
  if (!isObject(annotations) || !Object.hasOwn(annotations, lastAppliedAnnotation)) return applied;
  const { [lastAppliedAnnotation]: _, ...others } = annotations;
  return { ...applied, metadata: { ...(applied['metadata'] as object), annotations: others } };
}
