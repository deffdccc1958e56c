import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import type { Resource } from '../../kinds/object.ts';
import type { SubgraphServices } from './context.ts';
import { mutationResolvers } from './mutations.ts';
import { queryResolvers } from './queries.ts';
import { scalarResolvers } from './scalars.ts';
import { typeResolvers } from './type-resolvers.ts';
import type { UserError } from './user-errors.ts';
import { watchCloudResourcesResolvers } from './watch-cloud-resources.ts';
import { watchResolvers } from './watch.ts';

/** Resolvers that a subgraph adds to the uniform ones, by type and field. */
export type ExtraResolvers = Readonly<Record<string, Readonly<Record<string, ExtraResolver>>>>;

type ExtraResolver =
  | ((source: never, args: never, context: never) => unknown)
  | { readonly subscribe: (source: never, args: never, context: never) => AsyncIterable<object> };

/** The executable schema of the subgraph of an area: generated SDL, one implementation for all kinds. */
export function subgraphSchema(services: SubgraphServices, area: string, extra: ExtraResolvers = {}): GraphQLSchema {
  const typeDefs = apiDocument(area);
  const defined = new Set(
    typeDefs.definitions.flatMap((each) => ('name' in each && each.name ? [each.name.value] : [])),
  );
  const kinds = services.registry.all();
  const own = kinds.filter((kind) => kind.area === area);
  const ofTypes = kinds
    .filter(({ name }) => defined.has(name))
    .map((kind) => [kind.name, { ...typeResolvers(services, kind, area), ...extra[kind.name] }] as const);
  const resolvers = {
    ...Object.fromEntries(Object.entries(scalarResolvers).filter(([name]) => defined.has(name))),
    ...Object.fromEntries(ofTypes),
    Node: { __resolveType: typeOfObject },
    Resource: { __resolveType: typeOfObject },
    UserError: { __resolveType: ({ __typename }: UserError) => __typename },
    Query: { ...Object.assign({}, ...own.map(queryResolvers)), ...extra['Query'] },
    Mutation: { ...Object.assign({}, ...own.map(mutationResolvers)), ...extra['Mutation'] },
    Subscription: {
      ...Object.assign({}, ...own.flatMap((kind) => [watchResolvers(kind), watchCloudResourcesResolvers(kind)])),
      ...extra['Subscription'],
    },
  };
  return buildSubgraphSchema([{ typeDefs, resolvers }]);
}

/** The API of an area, as generated. */
export function apiDocument(area: string): DocumentNode {
  return parse(readFileSync(new URL(`../generated/${area}.graphql`, import.meta.url), 'utf8'));
}

function typeOfObject(object: Resource): string {
  return object.kind;
}
