import { readFileSync } from 'node:fs';
import {
  createGatewayRuntime,
  Logger as HiveLogger,
  type GatewayConfigSupergraph,
  type GatewayRuntime,
} from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { DemandLimits } from '../access/limits/demand/demand-limits.ts';
import type { AuthenticateFrom } from '../access/limits/authenticate-from.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import type { Doorkeepers } from './entrance.ts';
import { joinedGraph } from './joined-graph.ts';
import { pinoWriter } from './log-writer.ts';
import { useAliasLimit } from './plugins/use-alias-limit.ts';
import { useAnswerSize } from './plugins/use-answer-size.ts';
import { useAuth, type CallerContext } from './plugins/use-auth.ts';
import { useCostLimit } from './plugins/use-cost-limit.ts';
import { useCredentialEnd } from './plugins/use-credential-end.ts';
import { useCsrf } from './plugins/use-csrf.ts';
import { useDepthLimit } from './plugins/use-depth-limit.ts';
import { useInputPaths } from './plugins/use-input-paths.ts';
import { useIntrospectionControl } from './plugins/use-introspection-control.ts';
import { usePublicErrors } from './plugins/use-public-errors.ts';
import { useRequestId } from './plugins/use-request-id.ts';
import { useSelectionLimit } from './plugins/use-selection-limit.ts';
import { useTokenLimit } from './plugins/use-token-limit.ts';
import { useTurns } from './plugins/use-turns.ts';
import { graphqlPath } from './target.ts';
import type { SubgraphExecutor } from './transports/subgraph-executor.ts';

export interface RuntimeOptions {
  readonly authenticate: AuthenticateFrom;
  readonly doorkeepers: Doorkeepers;
  readonly executors: ReadonlyMap<string, SubgraphExecutor>;
  readonly introspection: boolean;
  readonly demand: DemandLimits;
  readonly limits: RequestLimits;
  readonly log: Logger;
  /** All subgraphs in one pass; needed by planner `none`. */
  readonly joined: SubgraphExecutor | undefined;
  /**
   * `native` plans in Rust; `javascript` is the library's own planner, for platforms that have no native build; `none`
   * leaves an operation to `joined` as it is.
   */
  readonly planner: 'native' | 'javascript' | 'none';
}

/** The gateway without a server: the supergraph, planned over the subgraphs. */
export function createRuntime({
  authenticate,
  doorkeepers,
  demand,
  executors,
  introspection,
  joined,
  limits,
  log,
  planner,
}: RuntimeOptions): GatewayRuntime {
  const config: GatewayConfigSupergraph = {
    supergraph: readFileSync(new URL('generated/supergraph.graphql', import.meta.url), 'utf8'),
    ...handlerOf(planner, joined),
    transports: { subgraph: { getSubgraphExecutor: ({ subgraphName }) => executorOf(executors, subgraphName) } },
    transportEntries: { '*': { kind: 'subgraph' } },
    // Putting operations together makes new documents, which no subgraph has prepared yet.
    __experimental__batchExecution: false,
    graphqlEndpoint: graphqlPath,
    logging: new HiveLogger({ level: 'info', writers: [pinoWriter(log)] }),
    maskedErrors: { maskError: (error) => maskError(error, log) },
    requestId: false,
    subgraphErrors: false,
    landingPage: false,
    graphiql: false,
    cors: false,
    batching: false,
    plugins: () => [
      useRequestId(),
      useAuth(authenticate, doorkeepers, limits),
      useCredentialEnd(),
      useCsrf(),
      useTokenLimit(demand.maxTokens),
      useIntrospectionControl(introspection),
      useInputPaths(),
      useDepthLimit(demand.maxDepth),
      useAliasLimit(demand.maxAliases),
      useSelectionLimit(demand.maxSelections),
      useCostLimit(demand.maxCost),
      useTurns(limits),
      useAnswerSize(limits),
      usePublicErrors(),
    ],
  };
  return createGatewayRuntime(config);
}

/** Who turns an operation into calls of subgraphs; the library's own planner where nobody else is named. */
function handlerOf(
  planner: RuntimeOptions['planner'],
  joined: SubgraphExecutor | undefined,
): Pick<GatewayConfigSupergraph, 'unifiedGraphHandler'> {
  switch (planner) {
    case 'native':
      return { unifiedGraphHandler };
    case 'javascript':
      return {};
    case 'none':
      if (joined === undefined) throw new Error('without a planner all subgraphs must be in this process');
      return { unifiedGraphHandler: joinedGraph(joined) };
  }
}

function executorOf(executors: ReadonlyMap<string, SubgraphExecutor>, name: string) {
  const execute = executors.get(name);
  if (execute === undefined) throw new Error(`no executor for subgraph ${name}`);
  return (request: {
    document: unknown;
    variables?: unknown;
    operationName?: string;
    operationType?: string;
    context?: unknown;
  }): never => {
    const { caller, headers } = request.context as CallerContext & {
      readonly headers?: { readonly authorization?: string };
    };
    return execute(request as never, caller, headers?.authorization) as never;
  };
}

/** Lets refusals through; logs anything else, whose details are nobody's business. */
function maskError(error: unknown, log: Logger): Error {
  if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError))
    return error;
  log.error({ err: error }, 'request failed');
  const { nodes, path } = error instanceof GraphQLError ? error : { nodes: undefined, path: undefined };
  return new GraphQLError('Internal error', {
    nodes: nodes ?? null,
    path: path ?? null,
    extensions: { code: 'INTERNAL', retryable: false },
  });
}
