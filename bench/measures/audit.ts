import { builtInRegistry } from '../../kinds/registry.ts';
import { appendAudit } from '../../store/audit/append.ts';
import { writeAudit } from '../../store/audit/write-audit.ts';
import { originText } from '../../store/audit/write-origin.ts';
import { row, throughput, type Row } from '../support/row.ts';
import { asBench, type BenchStore, withStore } from '../support/store.ts';

const clients = 32;
const writes = 4000;
const payload = 'x'.repeat(600);

/** What audit costs whoever writes, and what it costs the process that makes it. */
export async function measure(): Promise<Row[]> {
  return withStore(async (open) => {
    const registry = builtInRegistry();
    const parts = { pool: open.pool, box: open.box, findKind: registry.byId };
    const fail = (error: unknown): never => {
      throw error;
    };
    await writesOf(open, 'warm', 500);
    while (await appendAudit(parts));

    const alone = await writesOf(open, 'alone', writes);
    const begun = { at: performance.now(), cpu: process.cpuUsage() };
    while (await appendAudit(parts));
    const { user, system } = process.cpuUsage(begun.cpu);
    const lasted = performance.now() - begun.at;
    // Each object was created and updated.
    const records = 2 * writes;

    const stop = new AbortController();
    const writing = writeAudit({ ...parts, keepMs: 1e12, onError: fail }, stop.signal);
    const beside = await writesOf(open, 'beside', writes);
    stop.abort();
    await writing;
    return [
      row('a record, CPU of the process that makes it', (user + system) / records, 'µs'),
      row('records made, by one process that does nothing else', (records / lasted) * 1000, '/s'),
      row(`writes, ${clients} clients, nobody reads for audit`, alone, '/s'),
      row(`writes, ${clients} clients, the same process makes audit of them`, beside, '/s'),
      row('writes beside audit / without', beside / alone, 'x', { atLeast: 0.7 }),
    ];
  });
}

/** Creates and updates a second of this store, by somebody who came through a door. */
async function writesOf({ store }: BenchStore, prefix: string, count: number): Promise<number> {
  const origin = originText({
    door: 'kubernetes',
    address: '10.0.0.7',
    agent: 'kubectl/v1.33.0 (linux/amd64) kubernetes/8adc0f0',
    groups: ['team-1', 'system:authenticated'],
    credential: 'oidc:https://issuer.example',
    verb: 'patch',
  });
  const context = { ...asBench, origin: () => origin };
  const key = (index: number) => ({ namespace: 'default', name: `${prefix}-${index}` });
  const begun = performance.now();
  await throughput(count, clients, (index) =>
    store.create(context, 'ConfigMap', { metadata: key(index), data: { payload } }),
  );
  await throughput(count, clients, (index) =>
    store.update(context, 'ConfigMap', key(index), (current) => ({ ...current, data: { payload: `${payload}!` } })),
  );
  return ((2 * count) / (performance.now() - begun)) * 1000;
}
