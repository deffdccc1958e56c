import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AddressSpace, cellsOf, insideOf, segmentsOf, trailTo } from './address-map.ts';
import {
  contains,
  endOf,
  formatRange,
  type IpRange,
  parseRange,
  rangeAround,
  sameRange,
  sizeOf,
  widthOf,
} from './ip-range.ts';

const range = (text: string): IpRange => parseRange(text)!; // The texts of this test are ranges.

/** A space of a family whose blocks do not overlap, with addresses in some of them, and a window in it. */
const spaces = fc
  .record({
    root: fc.constantFrom('10.128.0.0/9', '192.168.4.0/22', '10.0.0.8/29', 'fd20:1:2::/48', 'fd20::/126').map(range),
    wanted: fc.array(
      fc.record({ at: fc.nat({ max: 2 ** 30 }), bits: fc.nat({ max: 64 }), taken: fc.nat({ max: 5 }) }),
      {
        maxLength: 40,
      },
    ),
    zoom: fc.record({ at: fc.nat({ max: 2 ** 30 }), bits: fc.nat({ max: 80 }) }),
  })
  .map(({ root, wanted, zoom }) => {
    const { family } = root;
    const inside = (at: number, bits: number): IpRange => {
      const value = root.first + ((BigInt(at) * 2_654_435_761n) % sizeOf(root));
      return rangeAround({ family, value }, Math.min(widthOf(family), root.length + bits));
    };
    const blocks: AddressSpace['blocks'][number][] = [];
    const addresses = new Set<bigint>();
    for (const [index, { at, bits, taken }] of wanted.entries()) {
      const block = inside(at, bits);
      if (blocks.some((other) => contains(other.range, block) || contains(block, other.range))) continue;
      blocks.push({ key: `${index}`, range: block });
      for (let n = 0n; n < taken && n + 2n < sizeOf(block); n += 1n) addresses.add(block.first + n + 2n);
    }
    const space: AddressSpace = { range: root, blocks, addresses: [...addresses] };
    return { space, window: inside(zoom.at, zoom.bits) };
  });

test('cells cover the window, in order and without overlap, and are never more than 256', () => {
  fc.assert(
    fc.property(spaces, ({ space, window }) => {
      const cells = cellsOf(space, window);
      expect(cells.length).toBeLessThanOrEqual(256);
      expect(cells[0]?.range.first).toBe(window.first);
      expect(endOf(cells.at(-1)!.range)).toBe(endOf(window)); // A window has a cell at least.
      for (const [index, cell] of cells.entries()) {
        const next = cells[index + 1];
        if (next !== undefined) expect(next.range.first).toBe(endOf(cell.range));
        expect(contains(window, cell.range)).toBe(true);
      }
    }),
  );
});

test('what cells say adds up to what is given', () => {
  fc.assert(
    fc.property(spaces, ({ space, window }) => {
      const cells = cellsOf(space, window);
      const within = (address: bigint): boolean => address >= window.first && address < endOf(window);
      const taken = cells.reduce((sum, cell) => sum + cell.taken, 0);
      expect(taken).toBe(space.addresses.filter(within).length);
      const assigned = cells.reduce((sum, cell) => sum + cell.assigned, 0n);
      const given = space.blocks.reduce((sum, block) => {
        if (contains(block.range, window)) return sizeOf(window);
        return contains(window, block.range) ? sum + sizeOf(block.range) : sum;
      }, 0n);
      expect(assigned).toBe(given);
      for (const { assigned: part, range: own, state, block } of cells) {
        expect(part).toBeLessThanOrEqual(sizeOf(own));
        expect(state === 'free').toBe(part === 0n);
        if (block !== undefined) expect(contains(block.range, own)).toBe(true);
      }
    }),
  );
});

test('rows are the window, too, and each block of it is one row', () => {
  fc.assert(
    fc.property(spaces, ({ space, window }) => {
      const segments = segmentsOf(space, window);
      let at = window.first;
      for (const segment of segments) {
        expect(segment.first).toBe(at);
        expect(segment.last).toBeGreaterThanOrEqual(segment.first);
        at = segment.last + 1n;
      }
      expect(at).toBe(endOf(window));
      const inWindow = space.addresses.filter((address) => address >= window.first && address < endOf(window));
      expect(segments.reduce((sum, { taken }) => sum + taken, 0)).toBe(inWindow.length);
      const met = space.blocks.filter((block) => contains(window, block.range) || contains(block.range, window));
      expect(segments.flatMap(({ block }) => block?.key ?? []).toSorted()).toEqual(
        met.map(({ key }) => key).toSorted(),
      );
    }),
  );
});

test('every step goes further in, and the way back begins with the whole', () => {
  fc.assert(
    fc.property(spaces, fc.nat({ max: 255 }), ({ space }, pick) => {
      const trail = [space.range];
      for (;;) {
        const window = trail.at(-1)!; // It begins with one.
        const cells = cellsOf(space, window).filter((cell) => insideOf(cell, window) !== undefined);
        const cell = cells[pick % Math.max(1, cells.length)];
        const next = cell && insideOf(cell, window);
        if (next === undefined) break;
        expect(next.length).toBeGreaterThan(window.length);
        expect(contains(window, next)).toBe(true);
        trail.push(next);
      }
      expect(trail.length).toBeLessThan(20);
      expect(trailTo(space, trail.at(-1)!).map(formatRange)).toEqual(trail.map(formatRange));
    }),
  );
});

test('a subnet shows its addresses, and what the cloud keeps of them', () => {
  const block = { key: 'a', range: range('10.128.0.0/28') };
  const space = { range: range('10.128.0.0/9'), blocks: [block], addresses: [range('10.128.0.2/32').first] };
  const [first, ...others] = cellsOf(space, space.range);
  expect(first).toMatchObject({ state: 'mixed', blocks: 1, assigned: 16n, taken: 1 });
  expect(others.every(({ state }) => state === 'free')).toBe(true);
  expect(cellsOf(space, block.range).map(({ state }) => state)).toEqual([
    'reserved',
    'reserved',
    'taken',
    ...Array.from({ length: 11 }, () => 'block'),
    'reserved',
    'reserved',
  ]);
  const [free] = cellsOf({ ...space, blocks: [] }, space.range);
  expect(free && insideOf(free, space.range)).toBeUndefined();
  expect(sameRange(trailTo(space, space.range)[0]!, space.range)).toBe(true); // A trail begins with the whole.
});
