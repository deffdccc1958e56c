const firstMs = 50;
const capMs = 30_000;

/** How long a key waits after so many failures in a row (from 1), in ms: doubling from 50 ms to 30 s, less up to a quarter by chance. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(capMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(whole * (1 - random() / 4));
}
