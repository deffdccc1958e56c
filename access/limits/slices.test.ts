import { expect, test } from 'vitest';
import { breathe, inSlices } from './slices.ts';

/** Keeps the process busy. */
function toil(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

test('much work of small pieces lets others in between, and is done all the same', async () => {
  let done = 0;
  let looks = 0;
  const look = (): void => {
    looks += 1;
    if (done < 200) setImmediate(look);
  };
  setImmediate(look);
  await Promise.all(
    Array.from({ length: 200 }, () =>
      inSlices(async () => {
        toil(1);
        done += 1;
      }),
    ),
  );
  expect(done).toBe(200);
  // In one go it would be once.
  expect(looks).toBeGreaterThan(20);
});

test('little work does not wait', async () => {
  await new Promise((resolve) => setImmediate(resolve));
  expect(breathe()).toBeUndefined();
  expect(breathe()).toBeUndefined();
  toil(6);
  expect(breathe()).toBeInstanceOf(Promise);
  await breathe();
  expect(breathe()).toBeUndefined();
});
