import { isConnection, type Relation } from './relations.ts';

/** Area that serves a relation: one by query is served where its objects are, any other where it starts. */
export function servingArea(
  from: { readonly area: string },
  relation: Relation,
  to: { readonly area: string },
): string {
  return isConnection(relation) ? to.area : from.area;
}
