import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  type ClientOptions,
  type ConfigMap,
  createDatum,
  type Datum,
  sse,
  type WatchStatus,
  webSocket,
} from '@datum/sdk';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { compact } from '../store/compact.ts';
import { cuttingProxy } from './clients/support/cutting-proxy.ts';
import { eventually } from './support/graphql.ts';
import { type ProductProcess, startProductProcess, temporaryDataDir } from './support/product.ts';
import { seeded, sized, testSeed } from './support/scale.ts';

const root = join(import.meta.dirname, '..');
const cuts = sized(3_600, { full: 300, quick: 60 });
const transports = { webSocket: webSocket(), sse };

/** A product that can be restarted, behind one proxy whose connections are cut, and one whose are not. */
async function start() {
  const dataDir = temporaryDataDir();
  const env = { DATUM_ROLES: 'gateway,subgraph', DATUM_TOKEN: 'a-token-of-the-sdk-test' };
  let product: ProductProcess = await startProductProcess({ dataDir, env });
  const down = { cut: false, straight: false };
  // A port on which nobody listens, while the product is down.
  const port = (way: keyof typeof down): number => (down[way] ? 1 : Number(new URL(product.ready.graphql ?? '').port));
  const [cut, straight] = [await cuttingProxy(() => port('cut')), await cuttingProxy(() => port('straight'))];
  const retry = { attempts: 1_000, baseDelayMs: 20, maxDelayMs: 200 };
  const clientOf = (proxy: { readonly port: number }, options: Partial<ClientOptions> = {}): Datum => {
    const datum = createDatum({
      url: `http://127.0.0.1:${proxy.port}/graphql`,
      token: env.DATUM_TOKEN,
      retry,
      ...options,
    });
    onTestFinished(() => datum.close());
    return datum;
  };
  onTestFinished(async () => {
    await cut.close();
    await straight.close();
  });
  return {
    clientOf,
    cut,
    straight,
    dataDir,
    database: () => product.ready.database,
    /** Stops the product and starts it again; `away` runs while those behind `cut` are away and the product is not. */
    async restart(signal: NodeJS.Signals, away = async (): Promise<void> => {}) {
      down.cut = true;
      cut.cut();
      await away();
      down.straight = true;
      await product.stop(signal);
      product = await startProductProcess({ dataDir, env });
      down.cut = false;
      down.straight = false;
    },
  };
}

const inDefault = (name: string) => ({ namespace: 'default', name });

/** Follows config maps and notes the version of every change. */
function follow(datum: Datum) {
  const seen: string[] = [];
  const states: WatchStatus['state'][] = [];
  const stop = new AbortController();
  let isComplete = false;
  let failure: unknown;
  void (async () => {
    try {
      const events = datum.configMaps.watch({
        namespace: 'default',
        signal: stop.signal,
        onStatus: ({ state }) => states.push(state),
      });
      for await (const event of events) {
        if (event.type === 'RESYNC') throw new Error('the history was there');
        if (event.type === 'BOOKMARK') isComplete = true;
        else seen.push(event.object.metadata.resourceVersion);
      }
    } catch (error) {
      if (!stop.signal.aborted) failure = error;
    }
  })();
  onTestFinished(() => stop.abort());
  return { seen, states, isComplete: () => isComplete, failure: () => failure };
}

test(
  'watches tell every change once, through cut connections, restarts and tokens that end',
  { timeout: 240_000 },
  async () => {
    const { clientOf, cut, dataDir, database, restart, straight } = await start();
    // A person whose tokens end soon; each refresh is another.
    let tokens = 0;
    const token = async (): Promise<string> => {
      tokens += 1;
      const args = ['token', 'create', '--user', 'ann', '--group', 'system:masters', '--expires', '5s'];
      const env = { PATH: process.env['PATH'], DATUM_DATA_DIR: dataDir, DATABASE_URL: database() };
      const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'cli', 'main.ts'), ...args], {
        env,
        cwd: root,
      });
      return stdout.trim();
    };
    const watchers = [
      follow(clientOf(cut, { streams: transports.webSocket })),
      follow(clientOf(cut, { streams: transports.sse })),
      follow(clientOf(straight, { streams: transports.webSocket, token })),
      follow(clientOf(straight, { streams: transports.sse, token })),
    ];
    await eventually(
      async () => watchers.map(({ isComplete }) => isComplete()),
      (all) => all.every(Boolean),
    );

    const writer = clientOf(straight);
    const written: string[] = [];
    const write = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const { object } = await writer.configMaps.create({ metadata: { namespace: 'default', generateName: 'c-' } });
        written.push(object.metadata.resourceVersion);
        if (n % 7 === 0) cut.cut();
      }
    };
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await write(30);
      const [restarted] = await Promise.all([restart(signal), write(20)]);
      expect(restarted).toBeUndefined();
    }
    // Until every token that was in use has ended once more.
    const before = tokens;
    await eventually(
      async () => tokens,
      (count) => count >= before + 2,
      60_000,
    );
    await write(20);
    await eventually(
      async () => watchers.map(({ failure, seen }) => failure() ?? seen.length),
      (all) => all.every((each) => each === written.length),
      60_000,
    );
    for (const { seen, states } of watchers) {
      expect(seen).toEqual(written);
      expect(states).toContain('reconnecting');
    }
  },
);

test(
  `after ${cuts} disconnects, restarts and lost histories, informers hold what a fresh list gives (seed ${testSeed})`,
  { timeout: 300_000 + cuts * 200 },
  async () => {
    const { clientOf, cut, database, restart, straight } = await start();
    const random = seeded('sdk informers');
    const informers = Object.values(transports).map((streams) => {
      let changes = 0;
      const informer = clientOf(cut, { streams }).configMaps.informer({
        namespace: 'default',
        indexes: { n: ({ data }) => data?.['n'] },
      });
      onTestFinished(() => informer.stop());
      informer.subscribe(() => (changes += 1));
      return { informer, changes: () => changes };
    });
    const lost = countResyncs(clientOf(cut));
    const writer = clientOf(straight);
    const names = Array.from({ length: 40 }, (_, n) => `c-${n}`);
    const restartsAt = new Set([Math.floor(cuts / 3), Math.floor((2 * cuts) / 3)]);
    for (let round = 0; round < cuts; round += 1) {
      const name = names[Math.floor(random() * names.length)] ?? '';
      // What was done and not answered shows as an error; the next round writes again.
      if (random() < 0.25) await writer.configMaps.delete(inDefault(name)).catch(() => {});
      else await writer.configMaps.apply({ metadata: inDefault(name), data: { n: String(round) } }).catch(() => {});
      if (random() < 0.5) cut.cut(() => random() < 0.5);
      if (restartsAt.has(round)) {
        // What the product forgets here, nobody remembers after its restart.
        await restart(random() < 0.5 ? 'SIGTERM' : 'SIGKILL', async () => {
          await writer.configMaps.apply({ metadata: inDefault('while-away'), data: { n: String(round) } });
          await forget(database());
        });
      }
      await sleep(random() * 20);
    }
    const fresh = await writer.configMaps.list({ namespace: 'default' }).all();
    const sorted = (all: readonly ConfigMap[]): string => JSON.stringify([...all].toSorted(byName));
    for (const { changes, informer } of informers) {
      await eventually(
        async () => sorted(informer.list()),
        (held) => held === sorted(fresh),
      );
      expect(informer.size).toBe(fresh.length);
      for (const { data, metadata } of fresh)
        expect(informer.by('n', data?.['n'] ?? '').map((each) => each.metadata.name)).toContain(metadata.name);
      expect(changes()).toBeGreaterThan(0);
    }
    expect(lost(), 'histories were lost').toBeGreaterThan(0);
  },
);

const byName = (a: ConfigMap, b: ConfigMap): number => (a.metadata.name < b.metadata.name ? -1 : 1);

/** How often a watch was told that its history is lost. */
function countResyncs(datum: Datum): () => number {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  let count = 0;
  void (async () => {
    for await (const { type } of datum.configMaps.watch({ namespace: 'default', signal: stop.signal }))
      count += type === 'RESYNC' ? 1 : 0;
  })().catch(() => {});
  return () => count;
}

/** Lets the product forget all that happened. */
async function forget(database: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: database, max: 1 });
  // Its server is stopped soon after, perhaps before the connection is gone.
  pool.on('error', () => {});
  try {
    await compact(pool, { keepMs: 0, maxRows: 0 });
  } finally {
    await pool.end();
  }
}
