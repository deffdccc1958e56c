import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { createPool } from '../pool.ts';
import { createIpam } from './create-ipam.ts';
import type { Ipam } from './types.ts';

const project = 'default';

/** Several replicas, as processes have: each with a pool and batches of its own. */
async function replicas(
  count: number,
): Promise<{ readonly all: readonly Ipam[]; query(sql: string): Promise<unknown[]> }> {
  const url = await testDatabase();
  const pools = Array.from({ length: count }, () => createPool({ url, max: 8 }));
  onTestFinished(async () => void (await Promise.all(pools.map((pool) => pool.end()))));
  return { all: pools.map((pool) => createIpam(pool)), query: async (sql) => (await pools[0]?.query(sql))?.rows ?? [] };
}

const any = <T>(items: readonly T[], index: number): T => items[index % items.length]!; // never empty

it('gives 1,000 concurrent claims and addresses, with releases in between, without overlap or double grant', async () => {
  const { all, query } = await replicas(4);
  const network = randomUUID();
  const range = '10.0.0.0/14';
  await Promise.all(all.map((ipam) => ipam.ensureSpace({ project, uid: network, family: 'IPv4', range })));
  const held = new Set<string>();
  const instances = new Set<string>();

  await Promise.all(
    Array.from({ length: 1000 }, async (_, index) => {
      const ipam = any(all, index);
      const owner = `subnet-${index}`;
      const block = await ipam.allocateBlock({
        project,
        network,
        family: 'IPv4',
        owner,
        prefixLength: any([24, 26, 27, 28], index),
      });
      expect(block.ok).toBe(true);
      const addresses = await Promise.all(
        Array.from({ length: 4 }, (__, nth) =>
          any(all, index + nth).allocateAddress({
            project,
            subnet: owner,
            owner: `instance-${index}-${nth}`,
            interfaceIndex: 0,
          }),
        ),
      );
      expect(new Set(addresses.map((answer) => (answer.ok ? answer.address : answer.message))).size).toBe(4);
      if (index % 3 === 0) {
        expect(await any(all, index + 1).releaseBlock({ project, owner })).toBe(false);
        await Promise.all(
          Array.from({ length: 4 }, (__, nth) =>
            any(all, nth).releaseAddresses({ project, owner: `instance-${index}-${nth}` }),
          ),
        );
        expect(await any(all, index + 2).releaseBlock({ project, owner })).toBe(true);
      } else {
        held.add(owner);
        for (let nth = 0; nth < 4; nth++) instances.add(`instance-${index}-${nth}`);
      }
    }),
  );

  const overlaps = await query(
    `select a.owner, b.owner from ipam_block a join ipam_block b on a.block && b.block and a.first <> b.first`,
  );
  expect(overlaps).toEqual([]);
  expect(
    await query('select address from ipam_address where owner is not null group by address having count(*) > 1'),
  ).toEqual([]);
  expect(
    await query(`select 1 from ipam_address a join ipam_block b on a.subnet = b.owner where not a.address << b.block`),
  ).toEqual([]);
  expect(await query('select 1 from ipam_address where owner is not null')).toHaveLength(instances.size);
  expect((await all[0]?.networkUse({ project, network }))?.IPv4?.blocks).toBe(held.size);

  await Promise.all([...instances].map((owner, index) => any(all, index).releaseAddresses({ project, owner })));
  expect(await Promise.all([...held].map((owner, index) => any(all, index).releaseBlock({ project, owner })))).toEqual(
    [...held].map(() => true),
  );
  expect(await query('select block from ipam_block')).toEqual([{ block: range }]);
  expect(await query('select 1 from ipam_address')).toEqual([]);
  expect(await all[0]?.allocateBlock({ project, network, family: 'IPv4', owner: 'whole', prefixLength: 14 })).toEqual({
    ok: true,
    block: range,
  });
});

it('gives what there is to as many as ask, refuses the rest, and recovers', async () => {
  const { all } = await replicas(2);
  const network = randomUUID();
  await all[0]?.ensureSpace({ project, uid: network, family: 'IPv4', range: '10.0.0.0/22' });
  const ask = (owner: number) =>
    any(all, owner).allocateBlock({ project, network, family: 'IPv4', owner: String(owner), prefixLength: 28 });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(64);
  const refused = answers.flatMap((answer, index) => (answer.ok ? [] : [{ index, reason: answer.reason }]));
  expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['RangeExhausted']));
  const holder = answers.findIndex(({ ok }) => ok);
  await any(all, 0).releaseBlock({ project, owner: String(holder) });
  const again = await Promise.all(refused.map(({ index }) => ask(index)));
  expect(again.filter(({ ok }) => ok)).toEqual([answers[holder]]);
});

it('gives one exact block to one of many', async () => {
  const { all } = await replicas(4);
  const network = randomUUID();
  await all[0]?.ensureSpace({ project, uid: network, family: 'IPv4', range: '10.0.0.0/8' });
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      any(all, index).allocateBlock({
        project,
        network,
        family: 'IPv4',
        owner: String(index),
        prefixLength: any([20, 24, 16], index),
        startAddress: '10.7.0.0',
      }),
    ),
  );
  const winner = answers.findIndex(({ ok }) => ok);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  for (const answer of answers)
    if (!answer.ok) expect(answer).toMatchObject({ reason: 'AddressConflict', holder: String(winner) });
});
