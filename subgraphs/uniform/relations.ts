import type { Relation } from '../../kinds/generator/graphql-api/relations.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import { keyOf } from '../../kinds/object.ts';
import { referencesOf } from '../../store/references.ts';
import type { ListOptions, ListResult } from '../../store/types.ts';
import type { SubgraphContext } from './context.ts';

/** An object, or as much of one as its id tells: kind, namespace and name. */
export type PlacedObject = Pick<Resource, 'kind'> & {
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** Objects that an object names, or that control it; each once, only those that exist. */
export async function named(
  context: SubgraphContext,
  kind: Kind,
  relation: Relation,
  object: Resource,
): Promise<Resource[]> {
  if (relation.via === 'owner') {
    const owner = object.metadata.ownerReferences?.find(
      (each) => each.controller === true && each.kind === relation.to,
    );
    if (owner === undefined) return [];
    const found = await context.loaders.object(relation.to, {
      namespace: object.metadata.namespace ?? '',
      name: owner.name,
    });
    return found !== undefined && found.metadata.uid === owner.uid ? [found] : [];
  }
  if (relation.via !== 'reference') return [];
  const keys = referencesOf({ ...kind, references: relation.references }, object).map((text): Key => {
    const [, namespace = '', name = ''] = text.split('/');
    return { namespace, name };
  });
  const found = await Promise.all(keys.map((key) => context.loaders.object(relation.to, key)));
  return found.filter((each) => each !== undefined);
}

/** A page of the objects that name an object, or that it controls. */
export async function listed(
  context: SubgraphContext,
  relation: Relation,
  place: PlacedObject,
  options: ListOptions,
): Promise<ListResult<Resource>> {
  const key: Key = { namespace: place.metadata.namespace ?? '', name: place.metadata.name };
  if (relation.via !== 'owned')
    return context.loaders.list(relation.to, { ...options, refersTo: { kind: place.kind, ...key } });
  const owner = await context.loaders.object(place.kind, key);
  if (owner === undefined) return { items: [], cursors: [], hasMore: false, revision: 0n };
  return context.loaders.list(relation.to, { ...options, namespace: key.namespace, owner: owner.metadata.uid });
}

/** The first `limit` objects that a walk over relations leads to, each once. */
export async function walked(
  context: SubgraphContext,
  kind: Kind,
  path: readonly string[],
  object: Resource,
  limit: number,
): Promise<Resource[]> {
  let at: readonly Resource[] = [object];
  let atKind = kind;
  for (const step of path) {
    const relation = context.relations.get(atKind.id)?.get(step);
    if (relation === undefined) throw new Error(`${atKind.id} has no relation ${step}`);
    at = unique((await Promise.all(at.map((each) => next(context, atKind, relation, each, limit)))).flat());
    atKind = context.registry.get(relation.to);
  }
  return at.slice(0, limit);
}

async function next(
  context: SubgraphContext,
  kind: Kind,
  relation: Relation,
  object: Resource,
  limit: number,
): Promise<readonly Resource[]> {
  switch (relation.via) {
    case 'reference':
    case 'owner':
      return named(context, kind, relation, object);
    case 'referrers':
    case 'owned':
      return (await listed(context, relation, object, { limit })).items;
    case 'path':
      return walked(context, kind, relation.path, object, limit);
  }
}

function unique(objects: readonly Resource[]): Resource[] {
  const byPlace = new Map(objects.map((object) => [`${keyOf(object).namespace}/${keyOf(object).name}`, object]));
  return [...byPlace.values()];
}
