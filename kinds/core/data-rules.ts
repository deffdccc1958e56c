import { configKeyFault } from '../name-rules.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';

/** Largest sum of the values of a config map or secret, in bytes. */
export const maxDataBytes = 1024 * 1024;

/** Keys that cannot be names of files. */
export function keyProblems(path: string, data: Record<string, string> = {}): Problem[] {
  return Object.keys(data).flatMap((key) => {
    const fault = configKeyFault(key);
    return fault === undefined ? [] : [invalid(`${path}[${key}]`, key, fault)];
  });
}

/** Changes of what `immutable` has fixed. */
export function immutableProblems<T extends { immutable?: boolean }>(
  next: T,
  previous: T | undefined,
  fields: readonly (keyof T & string)[],
): Problem[] {
  if (previous?.immutable !== true) return [];
  const text = 'field is immutable when `immutable` is set';
  return [
    ...(next.immutable === true ? [] : [forbidden('immutable', text)]),
    ...fields
      .filter((field) => !jsonEqual(next[field] ?? {}, previous[field] ?? {}))
      .map((field) => forbidden(field, text)),
  ];
}
