/** Saves a value that moves on, one write at a time: of values that come meanwhile only the newest is saved. */
export function saveLatest<T>(write: (value: T) => Promise<void>): {
  save(value: T): void;
  /** Resolves when nothing is left to save. A write that fails is forgotten: the next one says more. */
  settled(): Promise<void>;
} {
  let next: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (next !== undefined) {
      const { value } = next;
      next = undefined;
      await write(value).catch(() => {});
    }
    running = undefined;
  }

  return {
    save(value) {
      next = { value };
      running ??= drain();
    },
    settled: async () => running,
  };
}
