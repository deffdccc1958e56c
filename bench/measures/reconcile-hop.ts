import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { builtInRegistry } from '../../kinds/registry.ts';
import type { OpenStore } from '../../store/store.ts';
import { type Controller, done } from '../../workers/runtime/controller.ts';
import { startDispatcher } from '../../workers/runtime/dispatcher/dispatcher.ts';
import { openQueues } from '../../workers/runtime/queue/open-queues.ts';
import { startWorkers } from '../../workers/runtime/start-workers.ts';
import { percentile, row, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const hops = 300;
const controllers = 12;
const objects = 200;
const jobsOfOne = 2000;

/** From a change to the beginning of the run that it causes, with as many controllers as the product has, on Postgres. */
export async function measure(): Promise<Row[]> {
  return withStore(async (open) => {
    let runs = 0;
    let told: () => void = () => {};
    const doNothing = (name: string, kind: string): Controller => ({
      name,
      kind,
      watches: [],
      writes: [],
      async reconcile() {
        runs += 1;
        told();
        return done;
      },
    });
    const all = [
      doNothing('one', 'ConfigMap'),
      ...Array.from({ length: controllers }, (_, n) => doNothing(`many-${n}`, 'Network')),
    ];
    const logger = pino({ level: 'silent' });
    const queues = await openQueues({ postgresUrl: open.url });
    const workers = await startWorkers({ controllers: all, queues, logger });
    const dispatcher = startDispatcher({ ...open, registry: builtInRegistry(), controllers: all, queues, logger });
    const untilRuns = (count: number) =>
      new Promise<void>((resolve) => {
        told = () => runs >= count && resolve();
        told();
      });
    try {
      const delays: number[] = [];
      for (let n = -20; n < hops; n += 1) {
        const ran = untilRuns(runs + 1);
        await configMap(open, `hop-${n + 20}`);
        const committed = performance.now();
        await ran;
        if (n >= 0) delays.push(performance.now() - committed);
        await sleep(3);
      }
      const one = await rate(jobsOfOne, untilRuns(runs + jobsOfOne), (n) => configMap(open, `one-${n}`));
      const many = await rate(objects * controllers, untilRuns(runs + objects * controllers), (n) =>
        n < objects ? network(open, `net-${n}`) : undefined,
      );
      return [
        row('change → reconcile begins, p50', percentile(delays, 0.5), 'ms', { atMost: 5 }),
        row('change → reconcile begins, p99', percentile(delays, 0.99), 'ms'),
        row('objects written and reconciled by one controller', one, '/s'),
        row(`runs of ${controllers} controllers together`, many, '/s'),
      ];
    } finally {
      await dispatcher.close();
      await workers.close();
      await queues.close();
    }
  });
}

/** Runs per second, from the first write to the last run. */
async function rate(
  total: number,
  ran: Promise<void>,
  write: (index: number) => Promise<unknown> | undefined,
): Promise<number> {
  const start = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (next < total) await write(next++);
    }),
  );
  await ran;
  return total / ((performance.now() - start) / 1000);
}

function configMap({ store }: OpenStore, name: string): Promise<unknown> {
  return store.create(asBench, 'ConfigMap', { metadata: { name, namespace: 'default' } });
}

function network({ store }: OpenStore, name: string): Promise<unknown> {
  return store.create(asBench, 'Network', {
    metadata: { name, namespace: 'default' },
    spec: { ipam: { mode: 'Auto' } },
  });
}
