import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { Identity } from '../../access/identity.ts';
import { whileValid } from '../../access/sessions/while-valid.ts';
import type { CallerContext } from './use-auth.ts';

/**
 * Ends subscriptions over HTTP, whose clients then read `complete`, when the credential of their caller ends. A WebSocket is
 * closed as a whole, and says why.
 */
export function useCredentialEnd(): GatewayPlugin {
  return {
    onSubscribe({ args }) {
      return {
        onSubscribeResult({ result, setResult }) {
          const { caller, request } = args.contextValue as unknown as CallerContext & { readonly request?: Request };
          if (request === undefined || !(Symbol.asyncIterator in result)) return;
          setResult(untilEnded(result, caller.identity));
        },
      };
    },
  };
}

/** The stream as long as the identity is good. Its source has a `return` that also ends a `next` that waits. */
function untilEnded<T>(source: AsyncIterable<T>, identity: Identity): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  const leave = whileValid(identity, () => {
    isOver = true;
    void iterator.return?.();
  });
  return {
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        const step = await iterator.next();
        if (step.done) leave();
        return isOver ? { done: true, value: undefined } : step;
      } catch (error) {
        leave();
        throw error;
      }
    },
    async return() {
      leave();
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
