import { createHash } from 'node:crypto';

/** Whether everything runs, as in CI (`npm test -- --full`). */
export const isFull = process.env['DATUM_TEST_FULL'] === '1';

/**
 * Size of the long proofs: 1 is the size that their issue names. By default a tenth, in full runs a third, and whatever
 * DATUM_TEST_SCALE says.
 */
export const testScale = Number(process.env['DATUM_TEST_SCALE'] ?? '') || (isFull ? 0.33 : 0.1);

/**
 * Size of a proof that is too long to run a tenth of: `whole` times DATUM_TEST_SCALE where that is given, else `full` in
 * full runs and `quick` in others.
 */
export function sized(whole: number, { full, quick }: { readonly full: number; readonly quick: number }): number {
  const asked = Number(process.env['DATUM_TEST_SCALE'] ?? '');
  return asked > 0 ? Math.ceil(whole * asked) : isFull ? full : quick;
}

/** Seed of this run; printed by a failing test's command line: DATUM_TEST_SEED=… npm test. */
export const testSeed = process.env['DATUM_TEST_SEED'] ?? '1';

/** Random numbers in [0, 1) that are the same for the same seed and purpose. */
export function seeded(purpose: string): () => number {
  let state = createHash('sha256').update(`${testSeed}/${purpose}`).digest().readUInt32LE(0);
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
