import { createIpam } from '../../store/ipam/create-ipam.ts';
import { row, throughput, type Row } from '../support/row.ts';
import { withStore } from '../support/store.ts';

const clients = 32;
const allocations = 4000;
const existing = 100_000;
const project = 'default';

/** Blocks of one network, taken by many at once: in an empty network, and in one that holds many already. */
export async function measure(): Promise<Row[]> {
  return withStore(async ({ pool }) => {
    const ipam = createIpam(pool);
    const range = '10.0.0.0/8';
    const rateIn = async (network: string, prefix: string): Promise<number> =>
      throughput(allocations, clients, async (index) => {
        const given = await ipam.allocateBlock({
          project,
          network,
          family: 'IPv4',
          owner: `${prefix}-${index}`,
          prefixLength: 28,
        });
        if (!given.ok) throw new Error(given.message);
      });
    for (const network of ['warm', 'empty', 'full'])
      await ipam.ensureSpace({ project, uid: network, family: 'IPv4', range });
    await rateIn('warm', 'w');
    const empty = await rateIn('empty', 'e');
    await throughput(existing, clients, (index) =>
      ipam.allocateBlock({ project, network: 'full', family: 'IPv4', owner: `x-${index}`, prefixLength: 28 }),
    );
    await pool.query('vacuum analyze');
    const full = await rateIn('full', 'f');
    return [
      row(`allocations in one network, ${clients} clients`, empty, '/s', { atLeast: 1500 }),
      row(`the same with ${existing} existing /28`, full, '/s'),
      row('slower by', empty / full, 'x', { atMost: 1.3 }),
    ];
  });
}
