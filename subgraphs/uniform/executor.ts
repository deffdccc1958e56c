import { execute, GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema, visit } from 'graphql';
import type { Logger } from 'pino';
import { inSlices } from '../../access/limits/slices.ts';
import type { SubgraphContext } from './context.ts';
import { publicError } from './errors.ts';
import { createEngine } from './execution/execute.ts';

/** One operation that is known to be valid, such as those of the gateway's plans. */
export interface SubgraphOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
}

/** Executes operations on a subgraph's schema for one caller; errors come out as the caller may see them. */
export type SubgraphExecutor = (
  operation: SubgraphOperation,
  context: SubgraphContext,
) => Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>>;

/** An executor for one subgraph. */
export function createExecutor(schema: GraphQLSchema, log: Logger): SubgraphExecutor {
  const engine = createEngine(schema);
  const publish = (result: ExecutionResult, { request }: SubgraphContext): ExecutionResult => {
    if (result.errors === undefined) return result;
    const report = (err: unknown): void => log.error({ err, requestId: request.requestId }, 'resolver failed');
    return { ...result, errors: result.errors.map((error) => publicError(error, report)) };
  };
  return async (operation, context) => {
    const { document, operationName, variables } = operation;
    if (isIntrospection(document)) {
      const named = operationName === undefined ? {} : { operationName };
      const args = { schema, document, contextValue: context, variableValues: variables ?? {}, ...named };
      return publish(await execute(args), context);
    }
    const failed = (error: unknown): ExecutionResult => {
      const errors = [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })];
      return publish({ errors }, context);
    };
    try {
      if (engine.typeOf(operation) !== 'subscription')
        return publish(await engine.execute(operation, context), context);
      const events = await engine.subscribe(operation, context);
      // As often as there are watches: others have their turn in between.
      const inTurn = context.caller.watchTurns?.event ?? inSlices;
      const answer = async (event: unknown): Promise<ExecutionResult> =>
        publish(await inTurn(async () => engine.execute(operation, context, event)), context);
      return mapped(events[Symbol.asyncIterator](), answer, failed);
    } catch (error) {
      return failed(error);
    }
  };
}

const introspections = new WeakMap<DocumentNode, boolean>();

/** Whether a document asks about the schema itself, which graphql-js answers. */
function isIntrospection(document: DocumentNode): boolean {
  let found = introspections.get(document);
  if (found === undefined) {
    found = false;
    visit(document, { Field: ({ name }) => void (found ||= name.value === '__schema' || name.value === '__type') });
    introspections.set(document, found);
  }
  return found;
}

/**
 * The stream with each event mapped; its `return` reaches the source at once. A source that fails says so in the last event:
 * an exception would end all that shares its connection.
 */
function mapped<T, U>(
  source: AsyncIterator<T>,
  map: (value: T) => Promise<U>,
  failed: (error: unknown) => U,
): AsyncIterableIterator<U> {
  let isOver = false;
  return {
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        const step = await source.next();
        return step.done ? { done: true, value: undefined } : { done: false, value: await map(step.value) };
      } catch (error) {
        isOver = true;
        return { done: false, value: failed(error) };
      }
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
