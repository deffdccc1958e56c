import { execute, subscribe, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { SubgraphContext } from './context.ts';
import { publicError } from './errors.ts';

/** One operation that is known to be valid, such as those of the gateway's plans. */
export interface SubgraphOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationType: 'query' | 'mutation' | 'subscription';
}

/** Executes operations on a subgraph's schema; errors come out as a caller may see them. */
export function createExecutor(schema: GraphQLSchema, log: Logger) {
  const publish = (result: ExecutionResult, { request }: SubgraphContext): ExecutionResult => {
    if (result.errors === undefined) return result;
    const report = (err: unknown): void => log.error({ err, requestId: request.requestId }, 'resolver failed');
    return { ...result, errors: result.errors.map((error) => publicError(error, report)) };
  };
  return async (operation: SubgraphOperation, context: SubgraphContext): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> => {
    const { document, operationName, variables, operationType } = operation;
    const args = {
      schema,
      document,
      contextValue: context,
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables === undefined ? {} : { variableValues: variables }),
    };
    if (operationType !== 'subscription') return publish(await execute(args), context);
    const stream = await subscribe(args);
    return Symbol.asyncIterator in stream ? published(stream, (result) => publish(result, context)) : publish(stream, context);
  };
}

/** The stream with each result published; its `return` reaches the source at once. */
function published(source: AsyncGenerator<ExecutionResult>, publish: (result: ExecutionResult) => ExecutionResult): AsyncIterableIterator<ExecutionResult> {
  return {
    async next() {
      const step = await source.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: publish(step.value) };
    },
    async return() {
      await source.return(undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
