import { makeInformer, type KubernetesObject } from '@kubernetes/client-node';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { builtInRegistry } from '../kinds/registry.ts';
import { compact } from '../store/compact.ts';
import { cuttingProxy } from './clients/support/cutting-proxy.ts';
import { nodeConfig } from './clients/support/node-client.ts';
import { openSockets, residentMb } from './clients/support/process-size.ts';
import { apiOnly, send, serverOfFile } from './clients/support/server.ts';
import { eventually } from './support/graphql.ts';
import { kindSamples } from './support/kind-samples.ts';
import { seeded, sized, testSeed } from './support/scale.ts';

const server = serverOfFile(apiOnly);
const durationMs = sized(600_000, { full: 30_000, quick: 8_000 });
const informerCount = 50;
const writerCount = 3;
const namesPerKind = 30;
/** Far less than what is written while an informer waits to connect again. */
const keptChanges = 50;

const resources = (
  [
    'Location',
    'Network',
    'NetworkContext',
    'NetworkPolicy',
    'NetworkBinding',
    'SubnetClaim',
    'Secret',
    'ConfigMap',
    'Lease',
    'Role',
  ] as const
).map((id) => {
  const kind = builtInRegistry().byId(id);
  if (kind === undefined) throw new Error(`there is no kind ${id}`);
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersion}`;
  return { apiVersion, kind: kind.name, path: `${root}/namespaces/default/${kind.plural}`, sample: kindSamples[id] };
});
type Resource = (typeof resources)[number];

it(
  'informers that are cut off again and again hold what the server holds',
  { timeout: durationMs + 120_000 },
  async () => {
    const proxy = await cuttingProxy(Number(new URL(server().url).port));
    onTestFinished(() => proxy.close());
    const pool = new pg.Pool({ connectionString: server().ready.database, max: 1 });
    onTestFinished(() => pool.end());
    const pid = server().ready.pid;
    const socketsBefore = openSockets(pid);

    const through = { ...server(), url: `https://127.0.0.1:${proxy.port}` };
    const config = nodeConfig(server(), proxy.port);
    let lists = 0;
    const informers = Array.from({ length: informerCount }, (_, index) => {
      // As many informers as there are resources, again and again.
      const resource = resources[index % resources.length]!;
      const informer = makeInformer(config, resource.path, async () => {
        lists += 1;
        return listOf(resource, await send(through, { path: resource.path }));
      });
      informer.on('error', () => void setTimeout(() => void informer.start(), 50));
      onTestFinished(() => informer.stop());
      return { resource, informer };
    });
    await Promise.all(informers.map(({ informer }) => informer.start()));

    const until = Date.now() + durationMs;
    const random = seeded('informer soak');
    const disturb = async (): Promise<void> => {
      while (Date.now() < until) {
        await sleep(250);
        proxy.cut(() => random() < 0.05);
        await compact(pool, { keepMs: 0, maxRows: keptChanges });
      }
    };
    const middle = sleep(durationMs / 2).then(() => residentMb(pid));
    const writers = Array.from({ length: writerCount }, (_, index) => write(seeded(`writer ${index}`), until));
    const [middleMb, writes] = await Promise.all([middle, Promise.all(writers), disturb()]);

    for (const { resource, informer } of informers) {
      await eventually(
        async () => ({
          held: comparable(informer.list()),
          there: comparable(listOf(resource, await server().call(resource)).items),
        }),
        ({ held, there }) => held === there,
        60_000,
      );
    }
    const endMb = await residentMb(pid);
    for (const { informer } of informers) await informer.stop();
    const socketsAfter = await eventually(
      async () => openSockets(pid),
      (count) => count <= socketsBefore + 10,
    );
    const total = writes.reduce((sum, count) => sum + count, 0);
    console.log(
      `informer soak: seed ${testSeed}, ${durationMs / 1000} s, ${total} writes, ${lists} lists of ${informerCount} informers, ` +
        `memory ${middleMb} MB in the middle and ${endMb} MB at the end, sockets ${socketsBefore} before and ${socketsAfter} after`,
    );
    expect(total).toBeGreaterThan(durationMs / 100);
    // Compaction made informers begin anew.
    expect(lists).toBeGreaterThan(informerCount);
    expect(endMb).toBeLessThan(middleMb * 1.25 + 30);
  },
);

/** Makes, changes and deletes objects of all resources until the time is over; answers how often. */
async function write(random: () => number, until: number): Promise<number> {
  let writes = 0;
  const pick = (count: number): number => Math.floor(random() * count);
  while (Date.now() < until) {
    // In range.
    const { path, apiVersion, kind, sample } = resources[pick(resources.length)]!;
    const name = `soak-${pick(namesPerKind)}`;
    const labels = { at: String(writes) };
    const choice = random();
    const { status, raw } = await server().call(
      choice < 0.4
        ? { method: 'POST', path, body: { apiVersion, kind, ...sample, metadata: { name, labels } } }
        : choice < 0.75
          ? {
              method: 'PATCH',
              path: `${path}/${name}`,
              headers: { 'content-type': 'application/merge-patch+json' },
              body: { metadata: { labels } },
            }
          : { method: 'DELETE', path: `${path}/${name}` },
    );
    if (![200, 201, 404, 409].includes(status)) throw new Error(`${kind} ${name}: ${status} ${raw.toString()}`);
    writes += 1;
  }
  return writes;
}

/** Items of an answer to a list, each with what the list alone says. */
function listOf({ apiVersion, kind }: Resource, { status, body, raw }: Awaited<ReturnType<typeof send>>) {
  if (status !== 200) throw new Error(`no list of ${kind}: ${status} ${raw.toString()}`);
  const { items, ...list } = body as { items: KubernetesObject[]; metadata: object };
  return { ...list, items: items.map((item) => ({ ...item, apiVersion, kind })) };
}

/** Objects as text, whatever their order and that of their fields. */
function comparable(objects: readonly KubernetesObject[]): string {
  return JSON.stringify(
    objects.toSorted((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1)),
    (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  );
}
