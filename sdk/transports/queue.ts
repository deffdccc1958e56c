/** Answers that came and were not read yet. */
export interface Queue<T> extends AsyncIterable<T> {
  readonly length: number;
  push(item: T): void;
  /** No more will come: readers end, or fail with the error, once they have read the rest. */
  end(error?: unknown): void;
}

/** A queue for one reader; `onStop` is called when it stops reading before the end. */
export function createQueue<T>(onStop: () => void): Queue<T> {
  const items: T[] = [];
  let ended: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  return {
    get length() {
      return items.length;
    },
    push(item) {
      if (ended !== undefined) return;
      items.push(item);
      wake();
    },
    end(error) {
      ended ??= { error };
      wake();
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          // In pieces: taking from the front of a long list one by one would move the rest each time.
          yield* items.splice(0);
          if (items.length > 0) continue;
          if (ended !== undefined) {
            if (ended.error !== undefined) throw ended.error;
            return;
          }
          await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        onStop();
      }
    },
  };
}
