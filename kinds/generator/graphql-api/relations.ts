import type { Kind, Reference } from '../../kind.ts';

/** A GraphQL field that leads from an object of one kind to objects of another, whose id is `to`. */
export type Relation =
  /** The objects that this one names at these places. */
  | {
      readonly via: 'reference';
      readonly to: string;
      readonly single: boolean;
      readonly references: readonly Reference[];
    }
  /** The objects that name this one in a field with @ref. */
  | { readonly via: 'referrers'; readonly to: string }
  /** The object that controls this one. */
  | { readonly via: 'owner'; readonly to: string }
  /** The objects that this one controls. */
  | { readonly via: 'owned'; readonly to: string }
  /** What other relations lead to, one after the other. */
  | { readonly via: 'path'; readonly to: string; readonly single: boolean; readonly path: readonly string[] };

/** Relations of all kinds: kind id, then field. */
export type Relations = ReadonlyMap<string, ReadonlyMap<string, Relation>>;

/** Whether a relation leads to one object at most. */
export function isSingle(relation: Relation): boolean {
  return relation.via === 'owner' || ((relation.via === 'reference' || relation.via === 'path') && relation.single);
}

/** Whether a relation is a connection: pages of objects that were found by a query, not named by the object itself. */
export function isConnection(relation: Relation): boolean {
  return relation.via === 'referrers' || relation.via === 'owned';
}

/** All relations between kinds. Throws where the kinds contradict each other, with the field's name. */
export function relationsOf(kinds: readonly Kind[]): Relations {
  const relations = new Map(kinds.map((kind) => [kind.id, new Map<string, Relation>()]));
  const set = (kind: string, field: string, relation: Relation): void => {
    const fields = relations.get(kind);
    if (fields === undefined) throw new Error(`${kind} is not a kind, but has a relation ${field}`);
    const previous = fields.get(field);
    fields.set(field, previous === undefined ? relation : merge(`${kind}.${field}`, previous, relation));
  };
  for (const kind of kinds) {
    for (const reference of kind.references) {
      const { kind: to, path, field, inverse } = reference;
      if (field !== undefined)
        set(kind.id, field, { via: 'reference', to, single: !path.includes('[]'), references: [reference] });
      if (inverse !== undefined) set(to, inverse, { via: 'referrers', to: kind.id });
    }
    for (const { kind: owner, field, inverse } of kind.owners) {
      set(kind.id, field, { via: 'owner', to: owner });
      set(owner, inverse, { via: 'owned', to: kind.id });
    }
  }
  for (const kind of kinds) {
    for (const { field, path, single } of kind.derived) {
      const to = path.reduce((at, step) => {
        const next = relations.get(at)?.get(step);
        if (next === undefined) throw new Error(`${kind.id}.${field}: ${at} has no relation ${step}`);
        return next.to;
      }, kind.id);
      set(kind.id, field, { via: 'path', to, single, path });
    }
  }
  return relations;
}

/** Several references under one field are one relation. */
function merge(name: string, a: Relation, b: Relation): Relation {
  if (a.via !== b.via || a.to !== b.to || a.via === 'path') throw new Error(`${name} is two different relations`);
  if (a.via !== 'reference' || b.via !== 'reference') return a;
  return { ...a, single: false, references: [...a.references, ...b.references] };
}
