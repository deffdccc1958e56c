import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { SubgraphContext } from '../uniform/context.ts';
import { publicError } from '../uniform/errors.ts';
import { maxTokens, tooDemanding } from './demand.ts';

/** An Apollo server for one subgraph. What its plug-ins would trace, cache or report is the gateway's business. */
export async function startApollo(schema: GraphQLSchema, log: Logger): Promise<ApolloServer<SubgraphContext>> {
  const server = new ApolloServer<SubgraphContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens },
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      demandLimits,
      publicErrors(log),
    ],
  });
  await server.start();
  return server;
}

/** Refuses operations that no gateway would send. */
const demandLimits: ApolloServerPlugin<SubgraphContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, request, operationName }) {
        const refusal = tooDemanding({ schema, document, operationName, variableValues: request.variables });
        if (refusal !== undefined) throw new GraphQLError(refusal, { extensions: { code: 'QUERY_TOO_COSTLY' } });
      },
    };
  },
};

/** Lets errors out only as callers may see them. */
function publicErrors(log: Logger): ApolloServerPlugin<SubgraphContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, errors, contextValue }) {
          if (errors === undefined || response.body.kind !== 'single') return;
          const { requestId } = contextValue.request;
          const report = (err: unknown): void => log.error({ err, requestId }, 'resolver failed');
          response.body.singleResult.errors = errors.map((error) => {
            const json = publicError(error, report).toJSON();
            return { ...json, extensions: { ...json.extensions, requestId } };
          });
        },
      };
    },
  };
}
