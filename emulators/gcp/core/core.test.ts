import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCollection } from './collection.ts';
import { createDatabase } from './database.ts';
import { createHeap } from './heap.ts';
import type { Json } from './json.ts';
import { canonical, mergePatch } from './json.ts';
import { createRandom } from './random.ts';
import { pacificTime } from './timestamps.ts';

test('the heap gives entries by time, the earlier pushed first among equals', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const heap = createHeap<readonly [number, number]>();
      times.forEach((atMs, index) => heap.push(atMs, [atMs, index]));
      const given = times.map(() => heap.pop());
      const expected = times.map((atMs, index) => [atMs, index] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(given).toEqual(expected);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test('a collection stays sorted through additions and removals', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 2 }))), (steps) => {
      const collection = createCollection();
      const model = new Set<string>();
      for (const [isAdded, key] of steps) {
        if (isAdded) collection.add(key);
        else collection.remove(key);
        if (isAdded) model.add(key);
        else model.delete(key);
        expect(collection.sorted()).toEqual([...model].sort());
      }
    }),
  );
});

test('a transaction that throws leaves rows, indexes and the journal as they were', () => {
  const committed: number[] = [];
  const database = createDatabase((writes) => committed.push(writes.length));
  const seen: string[] = [];
  database.onChange('timer', (key, before, after) => seen.push(`${key} ${before?.atMs ?? '-'} ${after?.atMs ?? '-'}`));
  const row = (atMs: number) => ({ atMs, event: 'e', key: 'k' });
  database.transaction(() => database.put('timer', 'a', row(1)));
  expect(() =>
    database.transaction(() => {
      database.put('timer', 'a', row(2));
      database.delete('timer', 'a');
      database.put('timer', 'b', row(3));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect([...database.entries('timer')]).toEqual([['a', row(1)]]);
  expect(committed).toEqual([1]);
  expect(seen).toEqual(['a - 1', 'a 1 2', 'a 2 -', 'b - 3', 'b 3 -', 'a - 2', 'a 2 1']);
  expect(() => database.put('timer', 'c', row(4))).toThrow('outside a transaction');
});

test('draws depend only on the seed and their number', () => {
  const drawsOf = (seed: number, start: number) => {
    let count = start;
    const random = createRandom(seed, () => (count += 1));
    return [random.digits(19), random.hex(8), random.between(50, 500)];
  };
  expect(drawsOf(1, 0)).toEqual(drawsOf(1, 0));
  expect(drawsOf(1, 0)).not.toEqual(drawsOf(2, 0));
  expect(drawsOf(1, 0)).not.toEqual(drawsOf(1, 100));
  const ids = new Set(Array.from({ length: 10_000 }, (_, index) => drawsOf(1, index * 19)[0]));
  expect(ids.size).toBe(10_000);
});

test('times carry the offset of the American west coast, summer and winter', () => {
  const cases = [
    ['2026-03-08T09:59:59.999Z', '2026-03-08T01:59:59.999-08:00'],
    ['2026-03-08T10:00:00.000Z', '2026-03-08T03:00:00.000-07:00'],
    ['2026-11-01T08:59:59.999Z', '2026-11-01T01:59:59.999-07:00'],
    ['2026-11-01T09:00:00.000Z', '2026-11-01T01:00:00.000-08:00'],
    ['2027-01-01T00:00:00.000Z', '2026-12-31T16:00:00.000-08:00'],
  ] as const;
  for (const [utc, pacific] of cases) expect(pacificTime(Date.parse(utc))).toBe(pacific);
});

test('a merge patch replaces arrays, merges objects and clears with null', () => {
  const target = { a: 1, b: { c: 1, d: 2 }, e: [1, 2] };
  expect(mergePatch(target, { a: null, b: { c: 3 }, e: [3], f: undefined } as never)).toEqual({
    b: { c: 3, d: 2 },
    e: [3],
  });
});

test('canonical texts are equal exactly for equal values', () => {
  const shuffled = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, shuffled(item ?? null)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
      expect(canonical(shuffled(one as Json))).toBe(canonical(one as Json));
      if (canonical(one as Json) === canonical(two as Json)) expect(one).toEqual(two);
    }),
  );
});
