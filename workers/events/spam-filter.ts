/** Events of one reason about one object that may come at once. */
const burst = 25;
/** After that, one more for each such time, in ms. */
const refillMs = 300_000;
const maxKeys = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Holds back who reports too much: `takes` answers whether one more event with this key may be written. */
export function createSpamFilter(): { takes(key: string, nowMs: number): boolean } {
  const buckets = new Map<string, Bucket>();

  function makeRoom(nowMs: number): void {
    for (const [key, bucket] of buckets) if (filled(bucket, nowMs) >= burst) buckets.delete(key);
    // The oldest go, should that not have been enough.
    for (const key of buckets.keys()) {
      if (buckets.size < maxKeys) return;
      buckets.delete(key);
    }
  }

  return {
    takes(key, nowMs) {
      const known = buckets.get(key);
      if (known === undefined && buckets.size >= maxKeys) makeRoom(nowMs);
      const tokens = known === undefined ? burst : filled(known, nowMs);
      if (tokens < 1) return false;
      buckets.set(key, { tokens: tokens - 1, atMs: nowMs });
      return true;
    },
  };
}

function filled({ tokens, atMs }: Bucket, nowMs: number): number {
  return Math.min(burst, tokens + (nowMs - atMs) / refillMs);
}
