/** One measured figure. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure should be, and whether it is. Absent for figures that only put others in proportion. */
  readonly goal?: { readonly text: string; readonly met: boolean };
}

/** A figure that should be at least, or at most, so much. */
export function row(what: string, value: number, unit: string, goal?: { atLeast: number } | { atMost: number }): Row {
  if (goal === undefined) return { what, value, unit };
  const isFloor = 'atLeast' in goal;
  const limit = isFloor ? goal.atLeast : goal.atMost;
  return {
    what,
    value,
    unit,
    goal: { text: `${isFloor ? '≥' : '≤'} ${limit}`, met: isFloor ? value >= limit : value <= limit },
  };
}

/** Value below which the given part of the values lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** Runs `total` tasks with so many at a time; answers how many per second. */
export async function throughput(
  total: number,
  clients: number,
  task: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < total) await task(next++);
    }),
  );
  return total / ((performance.now() - start) / 1000);
}
