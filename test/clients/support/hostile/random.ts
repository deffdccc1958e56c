/** Draws that are the same for the same seed. */
export interface Draw {
  /** In [0, 1). */
  readonly random: () => number;
  /** In [0, count). */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** Draws out of random numbers in [0, 1). */
export function draws(random: () => number): Draw {
  const below = (count: number): number => Math.floor(random() * count);
  return {
    random,
    below,
    chance: (probability) => random() < probability,
    pick: (from) => {
      const item = from[below(from.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
