import type { GraphQLFieldResolver } from 'graphql';
import { hasCloudResources } from '../../kinds/generator/graphql-api/inventory-api.ts';
import { servingArea } from '../../kinds/generator/graphql-api/serving-area.ts';
import { isConnection, isSingle, type Relation } from '../../kinds/generator/graphql-api/relations.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { SubgraphContext, SubgraphServices } from './context.ts';
import { cloudResourcesResolver } from './cloud-resources.ts';
import { historyResolver } from './history.ts';
import { decodeId, encodeId } from './object-id.ts';
import { connection, listOptions, pageSize, type PageArguments } from './page.ts';
import { viewerCan } from './viewer-can.ts';
import { listed, named, walked, type PlacedObject } from './relations.ts';

type Resolver = GraphQLFieldResolver<Resource, SubgraphContext, PageArguments>;
type Resolvers = Record<string, Resolver | ((reference: { readonly id: string }, context: SubgraphContext) => unknown)>;

/** Resolvers of the type of one kind in the subgraph of an area: its id, its relations served there, its look-up by id. */
export function typeResolvers({ registry, relations }: SubgraphServices, kind: Kind, area: string): Resolvers {
  const fields = [...(relations.get(kind.id) ?? [])].filter(
    ([, relation]) => servingArea(kind, relation, registry.get(relation.to)) === area,
  );
  return {
    id: ({ metadata: { namespace = '', name } }, _, { request: { project } }) =>
      encodeId({ project, kind: kind.id, namespace, name }),
    ...(kind.area === area
      ? { viewerCan: (object, _, { guard }) => viewerCan(guard, kind, object), history: historyResolver(kind) }
      : {}),
    ...(kind.area === area && hasCloudResources(kind) ? { cloudResources: cloudResourcesResolver(kind) } : {}),
    __resolveReference: kind.area === area ? loadById(kind) : placeById(kind),
    ...Object.fromEntries(fields.map(([name, relation]) => [name, relationResolver(kind, relation)])),
  };
}

function relationResolver(kind: Kind, relation: Relation): Resolver {
  if (isConnection(relation)) {
    return async (object, args, context) => {
      const options = listOptions(args);
      return connection(await listed(context, relation, object, options), options, null, null);
    };
  }
  const single = isSingle(relation);
  if (relation.via === 'path') {
    return async (object, { first }, context) => {
      const found = await walked(context, kind, relation.path, object, single ? 1 : pageSize(first));
      return single ? (found[0] ?? null) : found;
    };
  }
  return async (object, _, context) => {
    const found = await named(context, kind, relation, object);
    return single ? (found[0] ?? null) : found;
  };
}

/** The object of a reference from another subgraph; null when there is none, and for ids of other projects or kinds. */
function loadById(kind: Kind) {
  return async ({ id }: { readonly id: string }, context: SubgraphContext): Promise<Resource | null> => {
    const key = decodeId(id);
    if (key?.kind !== kind.id || key.project !== context.request.project) return null;
    return (await context.loaders.object(kind.id, key)) ?? null;
  };
}

/** As much of another area's object as its id tells: enough to find what refers to it. */
function placeById(kind: Kind) {
  return ({ id }: { readonly id: string }, context: SubgraphContext): PlacedObject | null => {
    const key = decodeId(id);
    if (key?.kind !== kind.id || key.project !== context.request.project) return null;
    return { kind: kind.id, metadata: { name: key.name, namespace: key.namespace } };
  };
}
