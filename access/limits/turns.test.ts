import { expect, test, vi } from 'vitest';
import { TooMany } from './too-many.ts';
import { createTurns, type Release } from './turns.ts';

const share = { most: 2, waiting: 3 };

/** Notes the order in which entries get their turn. */
function recorder() {
  const order: string[] = [];
  const releases: Release[] = [];
  const enter = (
    turns: ReturnType<typeof createTurns>,
    key: string,
    name: string,
    units = 1,
    own = share,
  ): Promise<void> =>
    Promise.resolve(turns.enter(key, own, units)).then((release) => {
      order.push(name);
      releases.push(release);
    });
  return { order, releases, enter };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('an identity gets its share at once, waits beyond it, and is refused beyond its line', async () => {
  const turns = createTurns({ total: 10, waitMs: 60_000 });
  const { order, releases, enter } = recorder();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) void enter(turns, 'a', name);
  await settled();
  expect(order).toEqual(['a1', 'a2']);
  expect(() => turns.enter('a', share)).toThrow(TooMany);
  // Somebody else does not notice.
  expect(turns.enter('b', share)).toBeTypeOf('function');
  releases[0]?.();
  releases[0]?.();
  await settled();
  expect(order, 'a release counts once').toEqual(['a1', 'a2', 'a3']);
});

test('where all turns are taken, lines are served in rounds', async () => {
  const turns = createTurns({ total: 2, waitMs: 60_000 });
  const { order, releases, enter } = recorder();
  for (const name of ['a1', 'a2', 'a3', 'a4']) void enter(turns, 'a', name);
  for (const name of ['b1', 'b2']) void enter(turns, 'b', name);
  void enter(turns, 'c', 'c1');
  for (let index = 0; index < 7; index += 1) {
    await settled();
    releases[index]?.();
  }
  await settled();
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  expect(turns.isUsed('a')).toBe(false);
});

test('whoever wants much waits for it, and is not overtaken', async () => {
  const turns = createTurns({ total: 4, waitMs: 60_000 });
  const { order, releases, enter } = recorder();
  const own = { most: 4, waiting: 9 };
  void enter(turns, 'a', 'a-wide', 3, own);
  void enter(turns, 'b', 'b-wide', 3, own);
  void enter(turns, 'c', 'c-narrow', 1, own);
  await settled();
  expect(order).toEqual(['a-wide']);
  releases[0]?.();
  await settled();
  expect(order).toEqual(['a-wide', 'b-wide', 'c-narrow']);
  releases.forEach((release) => release());
  // More than there can be is all that there can be.
  void enter(turns, 'a', 'a-huge', 1000, own);
  void enter(turns, 'b', 'b-after', 1, own);
  await settled();
  expect(order.slice(3)).toEqual(['a-huge']);
  releases[3]?.();
  await settled();
  expect(order.slice(3)).toEqual(['a-huge', 'b-after']);
});

test('whoever waits too long is refused, and leaves its place to the next', async () => {
  vi.useFakeTimers();
  try {
    const turns = createTurns({ total: 4, waitMs: 1000 });
    const own = { most: 2, waiting: 9 };
    const release = turns.enter('a', own, 1) as Release;
    const wide = Promise.resolve(turns.enter('a', own, 2));
    wide.catch(() => {});
    const narrow = Promise.resolve(turns.enter('a', own, 1));
    await vi.advanceTimersByTimeAsync(999);
    expect(turns.isUsed('a')).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    await expect(wide).rejects.toThrow(TooMany);
    expect(await narrow).toBeTypeOf('function');
    release();
    (await narrow)();
    expect(turns.isUsed('a')).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test('any order of entries and releases stays within the limits, and all are served', async () => {
  const { default: fc } = await import('fast-check');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), units: fc.integer({ min: 1, max: 5 }) }), {
        maxLength: 40,
      }),
      fc.infiniteStream(fc.nat()),
      async (entries, picks) => {
        const total = 6;
        const own = { most: 4, waiting: 100 };
        const turns = createTurns({ total, waitMs: 60_000 });
        const inside: { key: string; units: number; release: Release }[] = [];
        let served = 0;
        const sum = (key?: string): number =>
          inside.filter((each) => key === undefined || each.key === key).reduce((all, { units }) => all + units, 0);
        for (const { key, units } of entries) {
          void Promise.resolve(turns.enter(key, own, units)).then((release) => {
            served += 1;
            inside.push({ key, units: Math.min(units, own.most), release });
          });
        }
        for (;;) {
          await settled();
          expect(sum()).toBeLessThanOrEqual(total);
          for (const key of ['a', 'b', 'c']) expect(sum(key)).toBeLessThanOrEqual(own.most);
          if (inside.length === 0) break;
          const [pick] = picks.next().value === undefined ? [0] : [picks.next().value as number];
          inside.splice((pick ?? 0) % inside.length, 1)[0]?.release();
        }
        expect(served).toBe(entries.length);
      },
    ),
    { numRuns: 50 },
  );
});
