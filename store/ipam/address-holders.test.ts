import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pool } from 'pg';
import { createDatabase } from '../../test/support/database.ts';
import { createPool } from '../pool.ts';
import { addressHolders, holdersText } from './address-holders.ts';
import { createIpam } from './create-ipam.ts';

const networks = 400;
let pool: Pool;
let drop: () => Promise<void>;

const uid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

beforeAll(async () => {
  const database = await createDatabase();
  drop = database.drop;
  pool = createPool({ url: database.url });
  const ipam = createIpam(pool);
  for (let n = 0; n < networks; n += 1) {
    const network = { project: `p${n % 40}`, uid: uid(n) };
    await ipam.ensureSpace({ ...network, family: 'IPv4', range: `10.${n % 200}.0.0/16` });
    const block = { project: network.project, network: network.uid, family: 'IPv4' as const, prefixLength: 20 };
    for (let at = 0; at < 8; at += 1) await ipam.allocateBlock({ ...block, owner: uid(networks + 8 * n + at) });
  }
  await pool.query('analyze ipam_space, ipam_block, ipam_address');
});
afterAll(async () => {
  await pool.end();
  await drop();
});

it('finds the block around an address, of the project that asks', async () => {
  // Networks of a range are in one project each: 200 is a multiple of 40.
  const found = await addressHolders(pool, 'p7', '10.7.17.9', 10);
  expect(found).toHaveLength(2);
  for (const holder of found)
    expect(holder).toMatchObject({ range: '10.7.0.0/16', block: '10.7.16.0/20', state: 'free', network: undefined });
  expect(await addressHolders(pool, 'p7', '10.7.17.9', 1)).toHaveLength(1);
  expect(await addressHolders(pool, 'p8', '10.7.17.9', 10)).toEqual([]);
  expect((await addressHolders(pool, 'p7', '10.7.128.0', 10)).map(({ state }) => state)).toEqual([
    'unassigned',
    'unassigned',
  ]);
});

it('goes by indexes alone', async () => {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain ${holdersText.replaceAll(/\$1/g, `'p7'`).replaceAll(/\$2/g, `'10.7.17.9'`).replace('$3', '10')}`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index');
  expect(plan).not.toMatch(/Seq Scan on ipam_(block|space)/);
});
