import type { Change, Revision } from '../types.ts';

/** The newest changes, in memory, so that a watch that starts from a fresh list costs no query. */
export interface Ring {
  /** Everything after this was kept. */
  start(): Revision;
  add(changes: readonly Change[]): void;
  /** Changes after `from` up to `to`; `from` must not be before the start. */
  between(from: Revision, to: Revision): readonly Change[];
}

/** A ring that starts after `start`, of at most some changes and some bytes of their text. */
export function createRing(start: Revision, most: { readonly changes: number; readonly bytes: number }): Ring {
  let kept: Change[] = [];
  let bytes = 0;
  return {
    start: () => start,
    add(changes) {
      kept.push(...changes);
      for (const change of changes) bytes += change.bytes;
      // Trimmed to half when full, so that it is not moved with every change.
      if (kept.length <= most.changes && bytes <= most.bytes) return;
      let drop = 0;
      for (; kept.length - drop > most.changes / 2 || bytes > most.bytes / 2; drop += 1)
        bytes -= kept[drop]?.bytes ?? 0;
      start = kept[drop - 1]?.revision ?? start;
      kept = kept.slice(drop);
    },
    between: (from, to) => kept.slice(firstAfter(kept, from), firstAfter(kept, to)),
  };
}

/** Index of the first change after a revision. */
function firstAfter(changes: readonly Change[], revision: Revision): number {
  let low = 0;
  for (let high = changes.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.revision ?? 0n) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}
