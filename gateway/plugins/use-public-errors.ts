import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { requestIdOf } from '../sessions.ts';
import type { CallerContext } from './use-auth.ts';
import { publicErrors } from '../public-errors.ts';

type Result = ExecutionResult | AsyncIterable<ExecutionResult>;

/** Gives every error that leaves the gateway its code, whether a retry may help, and the id of its request. */
export function usePublicErrors(): GatewayPlugin {
  return {
    onExecutionResult({ result, setResult, context }) {
      const { caller } = context as unknown as Partial<CallerContext>;
      const requestId = caller?.requestId ?? requestIdOf(context.request);
      const finished = result && finish(result as Result, requestId);
      if (finished !== undefined) setResult(finished as never);
    },
    onResultProcess({ result, setResult, request }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const finished = finish(result as ExecutionResult, requestIdOf(request));
      if (finished !== undefined) setResult(finished as never);
    },
  };
}

/** The result with its errors finished; undefined when there is nothing to finish. */
function finish(result: Result, requestId: string): Result | undefined {
  if (Symbol.asyncIterator in result) return finishEach(result, requestId);
  if (!result.errors?.length) return undefined;
  return { ...result, errors: publicErrors(result.errors as readonly GraphQLError[], requestId) };
}

/** An iterator, not only iterable: whoever closes a stream calls its `return`. */
function finishEach(source: AsyncIterable<ExecutionResult>, requestId: string): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await iterator.next();
      return step.done
        ? step
        : { done: false, value: (finish(step.value, requestId) as ExecutionResult | undefined) ?? step.value };
    },
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
