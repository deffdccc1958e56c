/** Texts that were seen a moment ago; a bounded number of them. */
export interface Recent {
  add(text: string): void;
  has(text: string): boolean;
}

/** Remembers texts for `keepMs`; the oldest go when there are more than `most`. */
export function createRecent(keepMs: number, most: number): Recent {
  const seen = new Map<string, number>();
  return {
    add(text) {
      seen.delete(text);
      seen.set(text, performance.now() + keepMs);
      if (seen.size <= most) return;
      const [oldest] = seen.keys();
      // There is one: more than none were counted.
      seen.delete(oldest!);
    },
    has: (text) => (seen.get(text) ?? 0) > performance.now(),
  };
}
