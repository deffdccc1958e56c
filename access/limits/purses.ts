import type { Purse } from './purse.ts';

/** Purses of many who come and go. */
export interface Purses {
  /** That of a key, made when there is none. */
  of(key: string): Purse;
  known(key: string): Purse | undefined;
}

/** The oldest is forgotten when there are more. */
const most = 50_000;

export function createPurses(make: () => Purse): Purses {
  const purses = new Map<string, Purse>();
  return {
    of(key) {
      let purse = purses.get(key);
      if (purse !== undefined) return purse;
      const [oldest] = purses.keys();
      if (purses.size >= most && oldest !== undefined) purses.delete(oldest);
      purses.set(key, (purse = make()));
      return purse;
    },
    known: (key) => purses.get(key),
  };
}
