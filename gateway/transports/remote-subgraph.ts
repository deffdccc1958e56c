import { GraphQLError, print, type DocumentNode, type ExecutionResult } from 'graphql';
import { projectHeader } from '../target.ts';
import type { SubgraphExecutor } from './subgraph-executor.ts';
import { createSubscriber } from './subscriber.ts';

const texts = new WeakMap<DocumentNode, string>();

/** A subgraph over HTTP, its subscriptions over graphql-ws at the same URL. */
export function remoteSubgraph(
  name: string,
  url: string,
): { readonly execute: SubgraphExecutor; close(): Promise<void> } {
  const subscriber = createSubscriber(url);
  return {
    async execute(
      { document, operationName, variables, operationType },
      { requestId, identity: { project } },
      authorization,
    ) {
      let query = texts.get(document);
      if (query === undefined) texts.set(document, (query = print(document)));
      const request = { query, ...(operationName ? { operationName } : {}), ...(variables ? { variables } : {}) };
      if (operationType === 'subscription') return subscriber.subscribe(request, { authorization, project });
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            'x-request-id': requestId,
            [projectHeader]: project,
            ...(authorization === undefined ? {} : { authorization }),
          },
          body: JSON.stringify(request),
        });
        return revive((await response.json()) as ExecutionResult);
      } catch (cause) {
        throw unavailable(name, cause);
      }
    },
    close: () => subscriber.close(),
  };
}

/** Answer of a subgraph that cannot be reached: the caller may try again. */
function unavailable(name: string, cause: unknown): GraphQLError {
  const originalError = cause instanceof Error ? new GraphQLError(cause.message) : undefined;
  return new GraphQLError(`The subgraph ${name} cannot be reached`, {
    originalError: originalError ?? null,
    extensions: { code: 'UNAVAILABLE', retryable: true },
  });
}

function revive(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result;
  return {
    ...result,
    errors: result.errors.map(
      ({ message, path, extensions }) => new GraphQLError(message, { path: path ?? null, extensions }),
    ),
  };
}
