import type { UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, parse } from 'graphql';
import type { SubgraphExecutor } from './transports/subgraph-executor.ts';
import type { CallerContext } from './plugins/use-auth.ts';

/** Handles the supergraph without a plan: every operation goes to one executor as the client wrote it. */
export function joinedGraph(joined: SubgraphExecutor): UnifiedGraphHandler {
  return ({ getUnifiedGraphSDL }) => {
    const unifiedGraph = buildASTSchema(transformSupergraphToPublicSchema(parse(getUnifiedGraphSDL())), {
      assumeValidSDL: true,
    });
    return {
      unifiedGraph,
      getSubgraphSchema: () => unifiedGraph,
      executor: ((request: JoinedRequest) => joined(request, request.context.caller, undefined)) as never,
    };
  };
}

type JoinedRequest = Parameters<SubgraphExecutor>[0] & { readonly context: CallerContext };
