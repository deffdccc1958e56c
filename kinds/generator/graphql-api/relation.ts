/** A GraphQL field that leads from an object of one kind to objects of another. */
export type Relation =
  /** The objects named at `paths` of this one: `spec.networkInterfaces[].network`. */
  | { readonly via: 'reference'; readonly to: string; readonly single: boolean; readonly paths: readonly ReferencePath[] }
  /** The objects of kind `to` that name this one in a field with @ref. */
  | { readonly via: 'referrers'; readonly to: string }
  /** The object of kind `to` that controls this one. */
  | { readonly via: 'owner'; readonly to: string }
  /** The objects of kind `to` that this one controls. */
  | { readonly via: 'owned'; readonly to: string }
  /** What other relations lead to, one after the other. */
  | { readonly via: 'path'; readonly to: string; readonly single: boolean; readonly path: readonly string[] };

export interface ReferencePath {
  /** Steps, `[]` behind those that hold lists. */
  readonly path: string;
  /** `object`: `name` and perhaps `namespace` stand there; `name`: the name itself. */
  readonly form: 'object' | 'name';
}

/** Relations of all kinds: kind, then field. */
export type Relations = Readonly<Record<string, Readonly<Record<string, Relation>>>>;

/** Whether a relation leads to one object at most. */
export function isSingle(relation: Relation): boolean {
  return relation.via === 'owner' || ((relation.via === 'reference' || relation.via === 'path') && relation.single);
}

/** Whether a relation is a connection: pages of objects that were found by a query, not named by the object itself. */
export function isConnection(relation: Relation): boolean {
  return relation.via === 'referrers' || relation.via === 'owned';
}
