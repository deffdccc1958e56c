/** What the client knows of a kind at run time. Generated, one for each kind, so that a program carries only those it names. */
export interface Kind<T extends KindType = KindType> {
  /** Name of the type: `Workload`. */
  readonly type: string;
  /** Query field of one object: `workload`. */
  readonly one: string;
  /** Query field of many, and name of the kind's part of a client: `workloads`. */
  readonly many: string;
  /** `compute.datumapis.com/v1alpha`; empty where that is not known. */
  readonly apiVersion: string;
  readonly namespaced: boolean;
  /** The kind's own fields but `metadata`, as a GraphQL selection with all their parts. */
  readonly fields: string;
  /** The same of `metadata`. */
  readonly metadata: string;
  /** How each relation leads to which kind: `owned WorkloadDeployment`. */
  readonly relations: Readonly<Record<string, RelationText>>;
  /** Never there at run time: carries the types. */
  readonly typesOnly?: T;
}

/**
 * How a relation leads where: `owned` and `referrers` are pages; `reference`, `owner` and `path` lead to one object,
 * `references` and `paths` to a list.
 */
export type RelationText =
  `${'owned' | 'referrers' | 'reference' | 'references' | 'owner' | 'path' | 'paths'} ${string}`;

/** The types of a kind. */
export interface KindType {
  object: { apiVersion: string; kind: string; metadata: Metadata };
  /** What creates one. */
  input: object;
  /** What merges into one. */
  patch: object;
  namespaced: boolean;
  relations: object;
}

/** What every object's metadata has. */
export interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
}

/** A relation to one object, which may not be there. */
export interface One<T extends KindType> {
  relation: 'one';
  to: T;
}

/** A relation to a few objects. */
export interface Many<T extends KindType> {
  relation: 'many';
  to: T;
}

/** A relation to a page of objects. */
export interface Paged<T extends KindType> {
  relation: 'paged';
  to: T;
}

/** Name of an object of a kind: with a namespace, where the kind has namespaces. */
export type Key<T extends KindType = KindType> = { readonly name: string } & (boolean extends T['namespaced']
  ? { readonly namespace?: string | undefined }
  : T['namespaced'] extends true
    ? { readonly namespace: string }
    : { readonly namespace?: undefined });

/** The types of a kind that was not known when the program was written. */
export interface AnyKind extends KindType {
  object: { apiVersion: string; kind: string; metadata: Metadata; [field: string]: unknown };
  input: { metadata?: Record<string, unknown>; [field: string]: unknown };
  patch: { metadata?: Record<string, unknown>; [field: string]: unknown };
  namespaced: boolean;
  relations: object;
}
