import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition';
import { parse, type GraphQLSchema } from 'graphql';
import { areas, subgraphSdl } from './subgraph.ts';

/** The composed supergraph of all areas. Throws, naming every problem, when they do not compose. */
export function supergraphSdl(schema: GraphQLSchema): string {
  const services = areas(schema).map((name) => ({ name, url: `http://${name}.subgraph/graphql`, typeDefs: parse(subgraphSdl(schema, name)) }));
  const result = composeServices(services);
  assertCompositionSuccess(result);
  return result.supergraphSdl;
}
