import type { ConfigMap } from '../generated/types.ts';
import { invalid, tooLong, type Problem } from '../problem.ts';
import { immutableProblems, keyProblems, maxDataBytes } from './data-rules.ts';
import { withoutEmpty } from './without-empty.ts';

/** Leaves out maps without keys. */
export function prepare(next: ConfigMap): ConfigMap {
  return withoutEmpty(next, ['data', 'binaryData']);
}

/** Keys, size, and what `immutable` fixes. */
export function admit(next: ConfigMap, previous: ConfigMap | undefined): Problem[] {
  const { data = {}, binaryData = {} } = next;
  const texts = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const bytes = Object.values(binaryData).reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), texts);
  return [
    ...keyProblems('data', data),
    ...keyProblems('binaryData', binaryData),
    ...Object.keys(data)
      .filter((key) => Object.hasOwn(binaryData, key))
      .map((key) => invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    // Kubernetes names the whole object by an empty list.
    ...(bytes > maxDataBytes ? [tooLong('[]', maxDataBytes)] : []),
    ...immutableProblems(next, previous, ['data', 'binaryData']),
  ];
}
