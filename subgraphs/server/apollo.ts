import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { SubgraphContext } from '../uniform/context.ts';
import { publicError } from '../uniform/errors.ts';

/** An Apollo server for one subgraph. What its plug-ins would trace, cache or report is the gateway's business. */
export async function startApollo(schema: GraphQLSchema, log: Logger): Promise<ApolloServer<SubgraphContext>> {
  const server = new ApolloServer<SubgraphContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      publicErrors(log),
    ],
  });
  await server.start();
  return server;
}

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
