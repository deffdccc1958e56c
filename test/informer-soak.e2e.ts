import { makeInformer, type KubernetesObject } from '@kubernetes/client-node';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { builtInRegistry } from '../kinds/registry.ts';
import { compact } from '../store/compact.ts';
import { cuttingProxy } from './clients/support/cutting-proxy.ts';
import { nodeConfig } from './clients/support/node-client.ts';
import { openConnections, residentMb } from './clients/support/process-size.ts';
import { type Call, restartServer, send, type Server, startServer, stopServer } from './clients/support/server.ts';
import { eventually } from './support/graphql.ts';
import { kindSamples } from './support/kind-samples.ts';
import { seeded, sized, testSeed } from './support/scale.ts';

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
    let server = await startServer();
    onTestFinished(() => stopServer(server));
    const proxy = await cuttingProxy(() => Number(new URL(server.url).port));
    const through = { ...server, url: `https://127.0.0.1:${proxy.port}` };
    const config = nodeConfig(server, proxy.port);
    let lists = 0;
    const informers = Array.from({ length: informerCount }, (_, index) => {
      // In range.
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
    const firstLists = lists;

    // A new process has only the log of the old one, of which little is left: informers must list again.
    const until = Date.now() + durationMs;
    const random = seeded('informer soak');
    const disturb = async (end: number): Promise<void> => {
      while (Date.now() < end) {
        await sleep(250);
        proxy.cut(() => random() < 0.05);
        await forget(server);
      }
    };
    const spell = async (name: string, end: number): Promise<number> => {
      const writers = Array.from({ length: writerCount }, (_, index) => write(server, seeded(`${name} ${index}`), end));
      const [counts] = await Promise.all([Promise.all(writers), disturb(end)]);
      return counts.reduce((sum, count) => sum + count, 0);
    };
    let writes = await spell('before the restart', Date.now() + durationMs / 4);
    server = await restartServer(server);
    const { pid } = server.ready;
    writes += await spell('first', Math.max(until - durationMs / 3, Date.now() + durationMs / 4));
    const middleMb = await residentMb(pid);
    writes += await spell('second', Math.max(until, Date.now() + durationMs / 4));

    for (const { resource, informer } of informers) {
      await eventually(
        async () => differences(informer.list(), listOf(resource, await server.call(resource)).items),
        (different) => different.length === 0,
        60_000,
      );
    }
    const endMb = await residentMb(pid);
    for (const { informer } of informers) await informer.stop();
    // What clients keep open in case they need it again is closed with it.
    await proxy.close();
    const connections = await eventually(
      async () => openConnections(Number(new URL(server.url).port)),
      (count) => count <= writerCount + 2,
    );
    console.log(
      `informer soak: seed ${testSeed}, ${durationMs / 1000} s, ${writes} writes, ${lists} lists of ${informerCount} informers, ` +
        `memory ${middleMb} MB in the middle and ${endMb} MB at the end, ${connections} connections left`,
    );
    expect(writes).toBeGreaterThan(durationMs / 100);
    expect(lists).toBeGreaterThan(firstLists);
    expect(endMb).toBeLessThan(middleMb * 1.25 + 30);
  },
);

/** Forgets all history but the last changes. */
async function forget({ ready }: Server): Promise<void> {
  const pool = new pg.Pool({ connectionString: ready.database, max: 1 });
  await compact(pool, { keepMs: 0, maxRows: keptChanges }).finally(() => pool.end());
}

/** Makes, changes and deletes objects of all resources until the time is over; answers how often. */
async function write(server: Server, random: () => number, until: number): Promise<number> {
  let writes = 0;
  const pick = (count: number): number => Math.floor(random() * count);
  while (Date.now() < until) {
    // In range.
    const { path, apiVersion, kind, sample } = resources[pick(resources.length)]!;
    const name = `soak-${pick(namesPerKind)}`;
    const labels = { at: String(writes) };
    const { status, raw } = await server.call(
      writeOf({ path, name, object: { apiVersion, kind, ...sample }, labels }, random()),
    );
    if (![200, 201, 404, 409].includes(status)) throw new Error(`${kind} ${name}: ${status} ${raw.toString()}`);
    writes += 1;
  }
  return writes;
}

interface Write {
  readonly path: string;
  readonly name: string;
  readonly object: object;
  readonly labels: object;
}

function writeOf({ path, name, object, labels }: Write, choice: number): Call {
  if (choice < 0.4) return { method: 'POST', path, body: { ...object, metadata: { name, labels } } };
  if (choice >= 0.75) return { method: 'DELETE', path: `${path}/${name}` };
  const headers = { 'content-type': 'application/merge-patch+json' };
  return { method: 'PATCH', path: `${path}/${name}`, headers, body: { metadata: { labels } } };
}

/** Items of an answer to a list, each with what the list alone says. */
function listOf({ apiVersion, kind }: Resource, { status, body, raw }: Awaited<ReturnType<typeof send>>) {
  if (status !== 200) throw new Error(`no list of ${kind}: ${status} ${raw.toString()}`);
  const { items, ...list } = body as { items: KubernetesObject[]; metadata: object };
  return { ...list, items: items.map((item) => ({ ...item, apiVersion, kind })) };
}

/** Objects that only one side has, or that are not the same on both. */
function differences(held: readonly KubernetesObject[], there: readonly KubernetesObject[]): string[] {
  const [ours, theirs] = [held, there].map(
    (objects) => new Map(objects.map((object) => [object.metadata?.name ?? '', sortedText(object)])),
  );
  const names = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])]);
  return [...names]
    .filter((name) => ours?.get(name) !== theirs?.get(name))
    .map((name) => `${name}: holds ${ours?.get(name)}, there is ${theirs?.get(name)}`);
}

/** As text, whatever the order of its fields. */
function sortedText(object: unknown): string {
  return JSON.stringify(object, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
