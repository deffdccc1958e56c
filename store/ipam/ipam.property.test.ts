import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../test/support/database.ts';
import { testScale } from '../../test/support/scale.ts';
import { createPool } from '../pool.ts';
import { createIpam } from './create-ipam.ts';
import type { Ipam, IpFamily } from './types.ts';

const project = 'default';
let pool: Pool;
let ipam: Ipam;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createDatabase();
  drop = database.drop;
  pool = createPool({ url: database.url });
  ipam = createIpam(pool);
});
afterAll(async () => {
  await pool.end();
  await drop();
});

/** A block as its first address and its number of addresses, both counted from the start of the range. */
interface Part {
  readonly first: number;
  readonly size: number;
}

/** What is free, as the largest aligned parts: the model has no state but the blocks that are given. */
function freeParts(range: Part, given: readonly Part[]): Part[] {
  const inside = given.filter(({ first, size }) => first < range.first + range.size && range.first < first + size);
  if (inside.length === 0) return [range];
  if (inside.some(({ first, size }) => first <= range.first && size >= range.size)) return [];
  const half = range.size / 2;
  return [
    ...freeParts({ first: range.first, size: half }, inside),
    ...freeParts({ first: range.first + half, size: half }, inside),
  ];
}

/** Best fit, lowest address first. */
function fit(range: Part, given: readonly Part[], size: number): Part | undefined {
  const [best] = freeParts(range, given)
    .filter((part) => part.size >= size)
    .sort((a, b) => a.size - b.size || a.first - b.first);
  return best && { first: best.first, size };
}

const rangeSize = 256;
const families = {
  IPv4: { range: '10.9.8.0/24', bits: 32, address: (offset: number) => `10.9.8.${offset}`, reservedLast: 2 },
  IPv6: {
    range: 'fd20:9:8::/120',
    bits: 128,
    address: (offset: number) => `fd20:9:8::${offset === 0 ? '' : offset.toString(16)}`,
    reservedLast: 0,
  },
} as const;

const family = fc.constantFrom<IpFamily>('IPv4', 'IPv6');
const sizeBits = fc.integer({ min: 1, max: 8 });
const blockStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('allocate' as const), sizeBits }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('exact' as const), sizeBits, first: fc.nat(rangeSize - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('grow' as const), pick: fc.nat(), sizeBits }) },
);

it('gives the blocks that a naive allocator would give, and all of them back', async () => {
  await fc.assert(
    fc.asyncProperty(family, fc.array(blockStep, { maxLength: 40 }), async (inFamily, steps) => {
      const { range, bits, address } = families[inFamily];
      const network = randomUUID();
      await ipam.ensureSpace({ project, uid: network, family: inFamily, range });
      const whole: Part = { first: 0, size: rangeSize };
      const given = new Map<string, Part>();
      const cidr = (part: Part): string => `${address(part.first)}/${bits - Math.log2(part.size)}`;
      const ask = (owner: string, size: number, start?: number) =>
        ipam.allocateBlock({
          project,
          network,
          family: inFamily,
          owner,
          prefixLength: bits - Math.log2(size),
          ...(start === undefined ? {} : { startAddress: address(start) }),
        });
      for (const step of steps) {
        const owner = randomUUID();
        const parts = [...given.values()];
        if (step.do === 'allocate') {
          const size = 2 ** step.sizeBits;
          const expected = fit(whole, parts, size);
          const answer = await ask(owner, size);
          expect(answer).toMatchObject(
            expected === undefined ? { ok: false, reason: 'RangeExhausted' } : { ok: true, block: cidr(expected) },
          );
          if (expected !== undefined) given.set(owner, expected);
        } else if (step.do === 'exact') {
          const size = 2 ** step.sizeBits;
          const wanted: Part = { first: step.first - (step.first % size), size };
          const [lowest] = [...given]
            .filter(([, { first, size: other }]) => first < wanted.first + size && wanted.first < first + other)
            .sort((a, b) => a[1].first - b[1].first);
          const answer = await ask(owner, size, wanted.first);
          expect(answer).toMatchObject(
            lowest === undefined
              ? { ok: true, block: cidr(wanted) }
              : { ok: false, reason: 'AddressConflict', holder: lowest[0] },
          );
          if (lowest === undefined) given.set(owner, wanted);
        } else if (step.do === 'grow') {
          const [growing, part] = [...given][step.pick % Math.max(1, given.size)] ?? [];
          if (growing === undefined || part === undefined) continue;
          const size = Math.max(part.size, 2 ** step.sizeBits);
          const wanted: Part = { first: part.first - (part.first % size), size };
          const [lowest] = [...given]
            .filter(([other, { first, size: others }]) => {
              return other !== growing && first < wanted.first + size && wanted.first < first + others;
            })
            .sort((a, b) => a[1].first - b[1].first);
          const prefixLength = bits - step.sizeBits;
          expect(await ipam.growBlock({ project, owner: growing, prefixLength })).toMatchObject(
            lowest === undefined
              ? { ok: true, block: cidr(wanted) }
              : { ok: false, reason: 'AddressConflict', holder: lowest[0] },
          );
          if (lowest === undefined) given.set(growing, wanted);
        } else {
          const owners = [...given.keys()];
          const going = owners[step.pick % Math.max(1, owners.length)];
          if (going === undefined) continue;
          expect(await ipam.releaseBlock({ project, owner: going })).toBe(true);
          given.delete(going);
        }
      }
      const used = [...given.values()].reduce((sum, { size }) => sum + size, 0);
      expect((await ipam.networkUse({ project, network }))[inFamily]).toMatchObject({
        blocks: given.size,
        allocatedAddresses: BigInt(used),
      });
      for (const owner of given.keys()) await ipam.releaseBlock({ project, owner });
      expect(await ask(randomUUID(), rangeSize)).toEqual({ ok: true, block: range });
    }),
    { numRuns: Math.ceil(300 * testScale) },
  );
});

const addressStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('allocate' as const),
      wanted: fc.option(fc.nat(rangeSize - 1), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('grow' as const) }) },
);

it('gives the lowest free address, or the wanted one, of a block that may grow', async () => {
  await fc.assert(
    fc.asyncProperty(family, fc.nat(7), fc.array(addressStep, { maxLength: 60 }), async (inFamily, slot, steps) => {
      const { range, bits, address, reservedLast } = families[inFamily];
      const network = randomUUID();
      const subnet = randomUUID();
      await ipam.ensureSpace({ project, uid: network, family: inFamily, range });
      let part: Part = { first: 32 * slot, size: 32 };
      const exact = { owner: subnet, prefixLength: bits - 5, startAddress: address(part.first) };
      await ipam.allocateBlock({ project, network, family: inFamily, ...exact });
      const usableOf = ({ first, size }: Part) =>
        Array.from({ length: size - 2 - reservedLast }, (_, index) => first + index + 2);
      const given = new Map<string, number>();
      for (const step of steps) {
        if (step.do === 'grow' && part.size < rangeSize) {
          const size = 2 * part.size;
          part = { first: part.first - (part.first % size), size };
          const block = `${address(part.first)}/${bits - Math.log2(size)}`;
          const prefixLength = bits - Math.log2(size);
          expect(await ipam.growBlock({ project, owner: subnet, prefixLength })).toEqual({ ok: true, block });
        }
        const usable = usableOf(part);
        const taken = new Set(given.values());
        const free = usable.filter((offset) => !taken.has(offset));
        if (step.do === 'allocate') {
          const owner = randomUUID();
          const expected = step.wanted !== undefined && free.includes(step.wanted) ? step.wanted : free[0];
          const answer = await ipam.allocateAddress({
            project,
            subnet,
            owner,
            interfaceIndex: 0,
            ...(step.wanted === undefined ? {} : { address: address(step.wanted) }),
          });
          expect(answer).toMatchObject(
            expected === undefined ? { ok: false, reason: 'RangeExhausted' } : { ok: true, address: address(expected) },
          );
          if (expected !== undefined) given.set(owner, expected);
        } else if (step.do === 'release') {
          const owners = [...given.keys()];
          const going = owners[step.pick % Math.max(1, owners.length)];
          if (going === undefined) continue;
          expect(await ipam.releaseAddresses({ project, owner: going })).toEqual([subnet]);
          given.delete(going);
        }
        expect(await ipam.subnetUse({ project, subnet })).toEqual({
          capacity: BigInt(usable.length),
          allocated: BigInt(given.size),
        });
      }
      for (const owner of given.keys()) await ipam.releaseAddresses({ project, owner });
      expect(await ipam.releaseBlock({ project, owner: subnet })).toBe(true);
    }),
    { numRuns: Math.ceil(300 * testScale) },
  );
});
