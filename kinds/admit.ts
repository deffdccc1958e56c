import type { KindId, KindTypes } from './generated/types.ts';
import type { Key } from './object.ts';
import type { Problem } from './problem.ts';

/** What a rule may look at besides the object: the project's other objects, as the write that is checked would see them. */
export interface Read {
  list<K extends KindId>(kind: K): Promise<readonly KindTypes[K][]>;
  get<K extends KindId>(kind: K, key: Key): Promise<KindTypes[K] | undefined>;
}

/** What a file `kinds/<area>/<kind>.admit.ts` exports; both functions are pure. */
export interface Admitter<T> {
  /** Brings what was sent into the form that is stored, before the schema is applied. */
  prepare?(next: T, previous: T | undefined): T;
  /** Rules that the schema cannot say. Called when the schema finds nothing; `previous` is absent on create. */
  admit?(next: T, previous: T | undefined, read: Read): Problem[] | Promise<Problem[]>;
}

/** The admitters by kind id. */
export type Admitters = { readonly [K in KindId]?: Admitter<KindTypes[K]> };
