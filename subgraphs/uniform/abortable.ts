/**
 * An iterable whose `return` ends a `next` that is still waiting: a plain generator would hold it, and all that the watch
 * holds, until its next event.
 */
export function abortable<T>(start: (signal: AbortSignal) => AsyncGenerator<T, void>): AsyncIterableIterator<T> {
  const abort = new AbortController();
  const source = start(abort.signal);
  return {
    next: () => source.next(),
    async return() {
      abort.abort();
      await source.return();
      return { done: true, value: undefined };
    },
    async throw(error) {
      abort.abort();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
