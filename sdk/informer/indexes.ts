import type { InformerOptions } from './informer.types.ts';

/** Where objects stand in the indexes of an informer. */
export interface Indexes<T, I extends string> {
  /** An object came, changed, or went (`next` absent). */
  replace(key: string, previous: T | undefined, next: T | undefined): void;
  /** Keys of the objects that an index has under a value. */
  keys(index: I, value: string): string[];
}

/** Empty indexes. */
export function createIndexes<T, I extends string>(functions: InformerOptions<T, I>['indexes']): Indexes<T, I> {
  const all = Object.entries<(object: T) => string | readonly string[] | undefined>(functions ?? {}).map(
    ([name, valuesOf]) => ({ name, valuesOf, keysOf: new Map<string, Set<string>>() }),
  );
  return {
    replace(key, previous, next) {
      for (const { keysOf, valuesOf } of all) {
        for (const value of values(previous, valuesOf)) {
          const keys = keysOf.get(value);
          keys?.delete(key);
          if (keys?.size === 0) keysOf.delete(value);
        }
        for (const value of values(next, valuesOf)) {
          const keys = keysOf.get(value);
          if (keys === undefined) keysOf.set(value, new Set([key]));
          else keys.add(key);
        }
      }
    },
    keys(index, value) {
      const found = all.find(({ name }) => name === index);
      if (found === undefined) throw new TypeError(`there is no index ${index}`);
      return [...(found.keysOf.get(value) ?? [])];
    },
  };
}

function values<T>(
  object: T | undefined,
  of: (object: T) => string | readonly string[] | undefined,
): readonly string[] {
  const found = object === undefined ? undefined : of(object);
  return typeof found === 'string' ? [found] : (found ?? []);
}
