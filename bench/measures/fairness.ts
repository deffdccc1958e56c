import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { OpenStore } from '../../store/store.ts';
import { type Controller, done } from '../../workers/runtime/controller.ts';
import { startDispatcher } from '../../workers/runtime/dispatcher/dispatcher.ts';
import { openQueues } from '../../workers/runtime/queue/open-queues.ts';
import type { QueueLocation } from '../../workers/runtime/queue/queues.ts';
import { startWorkers } from '../../workers/runtime/start-workers.ts';
import { freePort } from '../../test/support/free-port.ts';
import { noRedis, startRedis } from '../../test/support/redis-server.ts';
import { row, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const changes = 10_000;
/** Projects that change one object each while the other's changes wait. */
const others = 5;
/** What a run takes: about as long as a reconciler that reads, writes and calls nobody. */
const runMs = 4;

/** How long a single change waits for its run while 10,000 changes of another project wait. */
export async function measure(): Promise<Row[]> {
  const rows = [await behindFlood('Postgres', async ({ url }) => ({ postgresUrl: url }))];
  if (noRedis === undefined) {
    const port = await freePort();
    const redis = await startRedis(port);
    try {
      rows.push(await behindFlood('Redis', async () => ({ redisUrl: `redis://127.0.0.1:${port}` })));
    } finally {
      redis.kill();
    }
  }
  return rows;
}

async function behindFlood(
  place: string,
  locate: (open: OpenStore & { readonly url: string }) => Promise<QueueLocation>,
): Promise<Row> {
  return withStore(async (open) => {
    const ran = new Map<string, number>();
    let floods = 0;
    const controller: Controller = {
      name: 'one',
      kind: 'ConfigMap',
      watches: [],
      writes: [],
      async reconcile({ project }) {
        await sleep(runMs);
        if (project === asBench.project) floods += 1;
        else ran.set(project, performance.now());
        return done;
      },
    };
    const logger = pino({ level: 'silent' });
    const queues = await openQueues(await locate(open));
    const workers = await startWorkers({ controllers: [controller], queues, logger });
    const dispatcher = startDispatcher({
      ...open,
      registry: builtInRegistry(),
      controllers: [controller],
      queues,
      logger,
    });
    try {
      const names = Array.from({ length: others }, (_, n) => `other-${n}`);
      for (const project of names)
        await open.store.create({ ...asBench, project }, 'Namespace', { metadata: { name: 'default' } });
      let next = 0;
      await Promise.all(
        Array.from({ length: 64 }, async () => {
          while (next < changes) await configMap(open, asBench.project, `flood-${next++}`);
        }),
      );
      // Otherwise nobody would be behind them.
      if (floods > changes / 2) throw new Error(`most of the ${changes} changes had run before the others were made`);
      let longest = 0;
      for (const project of names) {
        await configMap(open, project, 'single');
        const committed = performance.now();
        while (!ran.has(project)) await sleep(1);
        longest = Math.max(longest, (ran.get(project) ?? 0) - committed);
      }
      return row(`single change behind ${changes} of another project, ${place}`, longest, 'ms', { atMost: 2000 });
    } finally {
      await dispatcher.close();
      await workers.close();
      await queues.close();
    }
  });
}

function configMap({ store }: OpenStore, project: string, name: string): Promise<unknown> {
  return store.create({ ...asBench, project }, 'ConfigMap', { metadata: { name, namespace: 'default' } });
}
