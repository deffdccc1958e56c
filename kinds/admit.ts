import type { KindId, KindTypes } from './generated/types.ts';
import type { Key } from './object.ts';
import type { Problem } from './problem.ts';

/** What a rule may look at besides the object: the project's other objects, as the write that is checked would see them. */
export interface Read {
  list<K extends KindId>(kind: K): Promise<readonly KindTypes[K][]>;
  get<K extends KindId>(kind: K, key: Key): Promise<KindTypes[K] | undefined>;
}

/** A right as a rule of a role names it. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** Plural, with a subresource behind a slash: `instances/log`. */
  readonly resource: string;
  /** Absent: all namespaces, or a resource of cluster scope. */
  readonly namespace?: string;
  /** Absent: all names. */
  readonly name?: string;
}

/** A rule of a role. */
export interface PolicyRule {
  readonly verbs?: readonly string[] | null;
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
  readonly nonResourceURLs?: readonly string[] | null;
}

/** What the one who writes may do besides this write; the product's own workers may do all. */
export interface Rights {
  may(right: Right): boolean;
  /** The parts of `rules` that the writer does not hold itself; without `namespace` it must hold them everywhere. */
  lacks(rules: readonly PolicyRule[], namespace?: string): readonly PolicyRule[];
}

/** What a file `kinds/<area>/<kind>.admit.ts` exports; both functions are pure. */
export interface Admitter<T> {
  /** Brings what was sent into the form that is stored, before the schema is applied; `writer` is a user's name, if any. */
  prepare?(next: T, previous: T | undefined, writer: string): T;
  /** Rules that the schema cannot say. Called when the schema finds nothing; `previous` is absent on create. */
  admit?(next: T, previous: T | undefined, read: Read, rights: Rights): Problem[] | Promise<Problem[]>;
  /**
   * Why the writer may not write this, whatever else is right about it, as what it is said to be doing: `is attempting to …`.
   * Called for every write but those of status, once the object is in form.
   */
  permit?(
    next: T,
    previous: T | undefined,
    read: Read,
    rights: Rights,
  ): string | undefined | Promise<string | undefined>;
}

/** The admitters by kind id. */
export type Admitters = { readonly [K in KindId]?: Admitter<KindTypes[K]> };
