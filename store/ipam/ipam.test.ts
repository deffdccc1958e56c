import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase } from '../../test/support/database.ts';
import { createPool } from '../pool.ts';
import { createIpam } from './create-ipam.ts';
import type { Ipam } from './types.ts';

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

async function network(range?: string, family: 'IPv4' | 'IPv6' = 'IPv4'): Promise<string> {
  const uid = randomUUID();
  const made = await ipam.ensureSpace({ project, uid, family, ...(range === undefined ? {} : { range }) });
  expect(made.ok).toBe(true);
  return uid;
}

const block = (uid: string, prefixLength: number, startAddress?: string, owner: string = randomUUID()) =>
  ipam.allocateBlock({
    project,
    network: uid,
    family: 'IPv4',
    owner,
    prefixLength,
    ...(startAddress === undefined ? {} : { startAddress }),
  });

it('gives default ranges, and keeps what a network has', async () => {
  const four = await network();
  expect((await ipam.networkUse({ project, network: four })).IPv4).toEqual({
    range: '10.128.0.0/9',
    blocks: 0,
    allocatedAddresses: 0n,
    capacity: 8_388_608n,
  });
  const six = randomUUID();
  const made = await ipam.ensureSpace({ project, uid: six, family: 'IPv6' });
  expect(made).toEqual({ ok: true, range: expect.stringMatching(/^fd20:.*::\/48$/) });
  expect(await ipam.ensureSpace({ project, uid: six, family: 'IPv6' })).toEqual(made);
  const custom = await network('192.168.0.0/16');
  expect(await ipam.ensureSpace({ project, uid: custom, family: 'IPv4' })).toEqual({
    ok: true,
    range: '192.168.0.0/16',
  });
});

it('gives every IPv6 network of a project a range of its own', async () => {
  const made = await Promise.all(
    Array.from({ length: 200 }, () => ipam.ensureSpace({ project: 'six', uid: randomUUID(), family: 'IPv6' })),
  );
  expect(new Set(made.map((answer) => (answer.ok ? answer.range : answer.message))).size).toBe(200);
  const same = randomUUID();
  const again = await Promise.all(
    Array.from({ length: 8 }, () => ipam.ensureSpace({ project: 'six', uid: same, family: 'IPv6' })),
  );
  expect(new Set(again.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

it('answers the same to the same owner, asked at once or later', async () => {
  const uid = await network();
  const owner = randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => block(uid, 20, undefined, owner)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set(['{"ok":true,"block":"10.128.0.0/20"}']),
  );
  expect((await ipam.networkUse({ project, network: uid })).IPv4).toMatchObject({
    blocks: 1,
    allocatedAddresses: 4096n,
  });
  const ask = () => ipam.allocateAddress({ project, subnet: owner, owner: 'instance', interfaceIndex: 0 });
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill({ ok: true, address: '10.128.0.2' }));
  expect(await ipam.subnetUse({ project, subnet: owner })).toEqual({ capacity: 4092n, allocated: 1n });
});

it('serves exact requests, and names what is in the way', async () => {
  const uid = await network('10.0.0.0/16');
  const owner = randomUUID();
  expect(await block(uid, 24, '10.0.77.0', owner)).toEqual({ ok: true, block: '10.0.77.0/24' });
  for (const [prefixLength, start] of [
    [24, '10.0.77.0'],
    [25, '10.0.77.128'],
    [20, '10.0.64.0'],
    [17, '10.0.0.0'],
  ] as const) {
    const answer = await block(uid, prefixLength, start);
    expect(answer).toMatchObject({ ok: false, reason: 'AddressConflict', holder: owner });
    expect(answer).toHaveProperty(
      'message',
      `${start}/${prefixLength} overlaps 10.0.77.0/24, which Subnet ${owner} holds`,
    );
  }
  expect(await block(uid, 24, '10.0.76.0')).toMatchObject({ ok: true });
  expect(await block(uid, 24, '10.0.78.0')).toMatchObject({ ok: true });
  // What is left around them is still found.
  expect(await block(uid, 17)).toEqual({ ok: true, block: '10.0.128.0/17' });
  expect(await block(uid, 18)).toEqual({ ok: true, block: '10.0.0.0/18' });
});

it.each([
  [24, '10.1.0.0', 'OutOfRange', "10.1.0.0/24 lies outside the network's range 10.0.0.0/16"],
  [
    24,
    '10.0.0.128',
    'OutOfRange',
    '10.0.0.128/24 does not start at a /24 boundary; the block around it is 10.0.0.0/24',
  ],
  [8, '10.0.0.0', 'OutOfRange', "A /8 is larger than the network's range 10.0.0.0/16"],
  [8, undefined, 'OutOfRange', "A /8 is larger than the network's range 10.0.0.0/16"],
  [33, undefined, 'OutOfRange', '/33 is not an IPv4 prefix length'],
  [24, 'fd20::', 'OutOfRange', 'fd20:: is not an IPv4 address'],
])('refuses a /%i at %s with %s', async (prefixLength, start, reason, message) => {
  const uid = await network('10.0.0.0/16');
  expect(await block(uid, prefixLength, start)).toEqual({ ok: false, reason, message });
});

it('says that a network has no range of the family', async () => {
  const uid = await network('10.0.0.0/16');
  expect(
    await ipam.allocateBlock({ project, network: uid, family: 'IPv6', owner: 'x', prefixLength: 64 }),
  ).toMatchObject({ ok: false, reason: 'OutOfRange' });
  expect(await ipam.ensureSpace({ project, uid, family: 'IPv6', range: '10.0.0.0/8' })).toMatchObject({
    ok: false,
    reason: 'OutOfRange',
  });
});

it('runs out of blocks and recovers when one is given back', async () => {
  const uid = await network('10.0.0.0/24');
  const owners = ['a', 'b', 'c', 'd'].map((name) => name + uid);
  for (const owner of owners) expect(await block(uid, 26, undefined, owner)).toMatchObject({ ok: true });
  expect(await block(uid, 28)).toEqual({
    ok: false,
    reason: 'RangeExhausted',
    message: "No free /28 is left in 10.0.0.0/24; delete a subnet or widen the network's range",
  });
  expect(await ipam.releaseBlock({ project, owner: `b${uid}` })).toBe(true);
  expect(await block(uid, 27)).toEqual({ ok: true, block: '10.0.0.64/27' });
  expect(await block(uid, 28)).toEqual({ ok: true, block: '10.0.0.96/28' });
});

it('grows a space by what lies around it, and by nothing else', async () => {
  const uid = await network('10.64.0.0/16');
  const owner = randomUUID();
  await block(uid, 16, undefined, owner);
  const ensure = (range: string) => ipam.ensureSpace({ project, uid, family: 'IPv4', range });
  expect(await ensure('10.64.0.0/17')).toMatchObject({ ok: false, reason: 'OutOfRange' });
  expect(await ensure('10.96.0.0/11')).toMatchObject({ ok: false, reason: 'OutOfRange' });
  expect(await ensure('10.0.0.0/8')).toEqual({ ok: true, range: '10.0.0.0/8' });
  expect(await block(uid, 16)).toEqual({ ok: true, block: '10.65.0.0/16' });
  expect(await block(uid, 10)).toEqual({ ok: true, block: '10.0.0.0/10' });
  expect(await block(uid, 9)).toEqual({ ok: true, block: '10.128.0.0/9' });
  const empty = await network('10.64.0.0/16');
  await ipam.ensureSpace({ project, uid: empty, family: 'IPv4', range: '10.0.0.0/8' });
  expect(await block(empty, 8)).toEqual({ ok: true, block: '10.0.0.0/8' });
});

it('keeps a block while addresses in it are given, and a space while blocks are', async () => {
  const uid = await network('10.0.0.0/24');
  const subnet = randomUUID();
  await block(uid, 28, undefined, subnet);
  await ipam.allocateAddress({ project, subnet, owner: 'i', interfaceIndex: 0 });
  expect(await ipam.releaseBlock({ project, owner: subnet })).toBe(false);
  expect(await ipam.dropSpace({ project, uid })).toBe(false);
  expect(await ipam.releaseAddresses({ project, owner: 'i' })).toEqual([subnet]);
  expect(await ipam.releaseAddresses({ project, owner: 'i' })).toEqual([]);
  expect(await ipam.releaseBlock({ project, owner: subnet })).toBe(true);
  expect(await ipam.releaseBlock({ project, owner: subnet })).toBe(true);
  expect(await ipam.dropSpace({ project, uid })).toBe(true);
  expect(await ipam.networkUse({ project, network: uid })).toEqual({});
  expect(await ipam.dropSpace({ project, uid })).toBe(true);
});

it('gives the lowest free address, never a reserved one, and prefers the one asked for', async () => {
  const uid = await network('10.0.0.0/24');
  const subnet = randomUUID();
  await block(uid, 28, undefined, subnet);
  const ask = async (owner: string, address?: string) => {
    const answer = await ipam.allocateAddress({
      project,
      subnet,
      owner,
      interfaceIndex: 0,
      ...(address === undefined ? {} : { address }),
    });
    return answer.ok ? answer.address : answer.message;
  };
  expect(await ask('far', '10.0.0.5')).toBe('10.0.0.5');
  expect(await ask('reserved', '10.0.0.1')).toBe('10.0.0.2');
  expect(await ask('taken', '10.0.0.5')).toBe('10.0.0.3');
  expect([await ask('next'), await ask('after')]).toEqual(['10.0.0.4', '10.0.0.6']);
  await ipam.releaseAddresses({ project, owner: 'next' });
  await ipam.releaseAddresses({ project, owner: 'reserved' });
  expect(await ask('again', '10.0.0.4')).toBe('10.0.0.4');
  expect(await ask('lowest')).toBe('10.0.0.2');
  for (let last = 7; last <= 13; last++) expect(await ask(`i${last}`)).toBe(`10.0.0.${last}`);
  expect(await ask('none')).toBe('All 12 addresses of 10.0.0.0/28 are given');
  expect(await ipam.subnetUse({ project, subnet })).toEqual({ capacity: 12n, allocated: 12n });
  expect(await ipam.addressesOf({ project, owner: 'far' })).toEqual([
    { subnet, interfaceIndex: 0, address: '10.0.0.5' },
  ]);
  expect(await ipam.allocateAddress({ project, subnet: 'unknown', owner: 'x', interfaceIndex: 0 })).toMatchObject({
    ok: false,
    reason: 'OutOfRange',
  });
});

it('gives IPv6 blocks and addresses', async () => {
  const uid = await network('fd20:1:2::/48', 'IPv6');
  const take = (owner: string) =>
    ipam.allocateBlock({ project, network: uid, family: 'IPv6', owner, prefixLength: 64 });
  expect(await take(`a${uid}`)).toEqual({ ok: true, block: 'fd20:1:2::/64' });
  expect(await take(`b${uid}`)).toEqual({ ok: true, block: 'fd20:1:2:1::/64' });
  expect(await ipam.allocateAddress({ project, subnet: `b${uid}`, owner: 'six', interfaceIndex: 1 })).toEqual({
    ok: true,
    address: 'fd20:1:2:1::2',
  });
  expect(await ipam.subnetUse({ project, subnet: `b${uid}` })).toEqual({ capacity: 2n ** 64n - 2n, allocated: 1n });
  expect((await ipam.networkUse({ project, network: uid })).IPv6).toEqual({
    range: 'fd20:1:2::/48',
    blocks: 2,
    allocatedAddresses: 2n ** 65n,
    capacity: 2n ** 80n,
  });
});

it('keeps projects apart', async () => {
  const uid = await network('10.0.0.0/24');
  expect(
    await ipam.allocateBlock({ project: 'other', network: uid, family: 'IPv4', owner: 'o', prefixLength: 28 }),
  ).toMatchObject({ ok: false });
  await block(uid, 28, undefined, `o${uid}`);
  expect(await ipam.subnetUse({ project: 'other', subnet: `o${uid}` })).toBeUndefined();
});

it('has a database that refuses overlaps and double addresses by itself', async () => {
  const uid = await network('10.0.0.0/24');
  const subnet = randomUUID();
  await block(uid, 26, undefined, subnet);
  await block(uid, 28, '10.0.0.192');
  const { rows } = await pool.query<{ space: string }>('select space from ipam_block where owner = $1', [subnet]);
  const space = rows[0]?.space;
  const insert = (cidr: string, next: string | null) =>
    pool.query(
      `insert into ipam_block (space, block, next, project, owner, cursor) values ($1, $2, $3, 'default', $4, '10.0.0.2')`,
      [space, cidr, next, randomUUID()],
    );
  // Whatever successor an overlapping row names, one of the constraints stands in its way.
  const codes = { check: '23514', foreign: '23503', unique: '23505' };
  await expect(insert('10.0.0.0/26', '10.0.0.64')).rejects.toMatchObject({ code: codes.unique });
  await expect(insert('10.0.0.32/27', '10.0.0.64')).rejects.toMatchObject({ code: codes.unique });
  await expect(insert('10.0.0.16/28', '10.0.0.32')).rejects.toMatchObject({ code: codes.foreign });
  await expect(insert('10.0.0.16/28', '10.0.0.64')).rejects.toMatchObject({ code: codes.check });
  await expect(insert('10.0.0.16/28', null)).rejects.toMatchObject({ code: codes.unique });
  await expect(
    pool.query('update ipam_block set block = $2, next = $3 where owner = $1', [subnet, '10.0.0.0/25', '10.0.0.128']),
  ).rejects.toMatchObject({ code: codes.unique });

  const other = randomUUID();
  await block(uid, 28, undefined, other);
  await ipam.allocateAddress({ project, subnet: other, owner: 'one', interfaceIndex: 0 });
  const steal = pool.query(
    `insert into ipam_address select space, address, project, subnet, 'two', 0 from ipam_address where subnet = $1`,
    [other],
  );
  await expect(steal).rejects.toMatchObject({ code: codes.unique });
  await expect(pool.query('delete from ipam_block where owner = $1', [other])).rejects.toMatchObject({
    code: codes.foreign,
  });
});

it('reports a lost database as Unavailable', async () => {
  const gone = createPool({ url: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(createIpam(gone).networkUse({ project, network: 'n' })).rejects.toMatchObject({ code: 'Unavailable' });
  await gone.end();
});
