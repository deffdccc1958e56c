/** A binary heap: `pop` gives the entry with the least `atMs`, the earlier pushed first among equals. */
export interface Heap<T> {
  push(atMs: number, value: T): void;
  peekAtMs(): number | undefined;
  pop(): T | undefined;
  clear(): void;
}

interface Entry<T> {
  readonly atMs: number;
  readonly order: number;
  readonly value: T;
}

export function createHeap<T>(): Heap<T> {
  const entries: Entry<T>[] = [];
  let pushed = 0;
  // Indexes below are always within the array: `at` states that once.
  const at = (index: number) => entries[index] as Entry<T>;
  const before = (left: number, right: number) =>
    at(left).atMs < at(right).atMs || (at(left).atMs === at(right).atMs && at(left).order < at(right).order);
  const swap = (left: number, right: number) => {
    const entry = at(left);
    entries[left] = at(right);
    entries[right] = entry;
  };
  const sink = (index: number) => {
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < entries.length && before(child, least)) least = child;
      }
      if (least === index) return;
      swap(index, least);
      index = least;
    }
  };

  return {
    push(atMs, value) {
      entries.push({ atMs, order: (pushed += 1), value });
      for (let index = entries.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!before(index, parent)) return;
        swap(index, parent);
        index = parent;
      }
    },
    peekAtMs: () => entries[0]?.atMs,
    pop() {
      if (entries.length === 0) return undefined;
      swap(0, entries.length - 1);
      const least = entries.pop();
      if (entries.length > 0) sink(0);
      return least?.value;
    },
    clear: () => void entries.splice(0),
  };
}
