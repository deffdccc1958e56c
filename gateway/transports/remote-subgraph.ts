import { GraphQLError, print, type DocumentNode, type ExecutionResult } from 'graphql';
import { type GatewayCalls, signatureHeader } from '../../access/internal/gateway-calls.ts';
import { continueTrace, failureName } from '../../telemetry/tracing/span.ts';
import type { SubgraphExecutor } from './subgraph-executor.ts';
import { createSubscriber } from './subscriber.ts';
import { unavailable } from './unavailable.ts';

const texts = new WeakMap<DocumentNode, string>();

/** A subgraph that takes longer has failed. */
const timeoutMs = 60_000;

/** A subgraph over HTTP, its subscriptions over graphql-ws at the same URL. It is told who asks, and believes it to us alone. */
export function remoteSubgraph(
  name: string,
  url: string,
  calls: GatewayCalls,
): { readonly execute: SubgraphExecutor; close(): Promise<void> } {
  const subscriber = createSubscriber(name, url, calls);
  const { pathname } = new URL(url);
  return {
    async execute({ document, operationName, variables, operationType }, caller) {
      let query = texts.get(document);
      if (query === undefined) texts.set(document, (query = print(document)));
      const request = { query, ...(operationName ? { operationName } : {}), ...(variables ? { variables } : {}) };
      if (operationType === 'subscription') return subscriber.subscribe(request, caller);
      const span =
        caller.trace === undefined
          ? undefined
          : continueTrace(`subgraph ${name}`, { kind: 'client', parent: caller.trace });
      const traced = span === undefined ? caller : { ...caller, trace: span.traceparent };
      const { text, signature } = calls.sign(pathname, traced, request);
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            'x-request-id': caller.requestId,
            [signatureHeader]: signature,
          },
          body: text,
          // What we sign is for this address and no other.
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        const result = (await response.json()) as ExecutionResult;
        span?.end({ 'http.response.status_code': response.status });
        return revive(result);
      } catch (cause) {
        span?.end({}, failureName(cause));
        throw unavailable(name, cause);
      }
    },
    close: () => subscriber.close(),
  };
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
