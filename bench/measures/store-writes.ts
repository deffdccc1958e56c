import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { row, throughput, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const clients = 32;
const writes = 6000;
const payload = 'x'.repeat(600);

/** Writes with change log, acknowledged when flushed, against bare synchronous inserts of the same row. */
export async function measure(): Promise<Row[]> {
  return withStore(async ({ store, pool, url }) => {
    await pool.query('create table bare (like resource including all)');
    const bare = new pg.Pool({ connectionString: url, max: clients });
    const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { payload } });
    const insert = (index: number): Promise<unknown> =>
      bare.query({
        name: 'bare',
        text: 'insert into bare values ($1, $2, $3, $4, $5, $6, now(), false, $7, $8, $9, $10)',
        values: ['default', 'ConfigMap', 'default', `c-${index}`, randomUUID(), index, '{}', [], [], object],
      });
    const create = (index: number): Promise<unknown> =>
      store.create(asBench, 'ConfigMap', { metadata: { name: `c-${index}`, namespace: 'default' }, data: { payload } });
    await throughput(500, clients, (index) => insert(writes + index));
    await throughput(500, clients, (index) => create(writes + index));
    const insertRate = await throughput(writes, clients, insert);
    const createRate = await throughput(writes, clients, create);
    const updateRate = await throughput(writes, clients, (index) =>
      store.update(asBench, 'ConfigMap', { namespace: 'default', name: `c-${index}` }, (c) => ({
        ...c,
        data: { payload: `${payload}!` },
      })),
    );
    await bare.end();
    return [
      row(`bare inserts, ${clients} clients`, insertRate, '/s'),
      row(`store creates, ${clients} clients`, createRate, '/s'),
      row('store creates / bare inserts', createRate / insertRate, 'x', { atLeast: 0.5 }),
      row(`store updates (read, check, write), ${clients} clients`, updateRate, '/s'),
    ];
  });
}
