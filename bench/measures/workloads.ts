import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Ready } from '../../cli/ready-file.ts';
import { ask } from '../../test/support/graphql.ts';
import { launch, untilReady } from '../../test/support/launch.ts';
import { percentile, row, type Row } from '../support/row.ts';

const cities = { DFW: 'us-south1', DLS: 'us-west1', LHR: 'europe-west2' } as const;
const idleMs = 5000;

/** Workloads to Ready machines, all over the public doors: GraphQL on this side, the emulator without delays on the other. */
export async function measure(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'datum-bench-'));
  const start = performance.now();
  const product = launch(join(folder, 'data'));
  try {
    const ready = await untilReady(product);
    const startSecs = (performance.now() - start) / 1000;
    await sleep(idleMs);
    const idleMb =
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${product.process.pid}/status`, 'utf8'))?.[1]) / 1024;
    const instances = watchInstances(ready);
    for (const [city, region] of Object.entries(cities)) await create(ready, 'Location', location(city, region));
    await create(ready, 'Network', network('default'));
    await instances.apply('warm', workload('warm', 1, 1), 1);

    const withNetwork: number[] = [];
    for (let n = 0; n < 10; n += 1) withNetwork.push(await instances.apply(`one-${n}`, workload(`one-${n}`, 1, 1), 1));
    const withoutNetwork: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const begin = performance.now();
      await create(ready, 'Network', network(`net-${n}`));
      await instances.apply(`new-${n}`, workload(`new-${n}`, 1, 1, 'OrderedReady', `net-${n}`), 1);
      withoutNetwork.push((performance.now() - begin) / 1000);
    }
    const ordered = await instances.apply('ordered', workload('ordered', 3, 10), 30);
    const parallelStart = performance.now();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => instances.apply(`p-${n}`, workload(`p-${n}`, 1, 10, 'Parallel'), 10)),
    );
    const parallel = 200 / ((performance.now() - parallelStart) / 1000);
    const manyStart = performance.now();
    const doneAt = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        instances.apply(`m-${n}`, workload(`m-${n}`, 1, 1), 1).then(() => (performance.now() - manyStart) / 1000),
      ),
    );
    const many = doneAt.toSorted((a, b) => a - b);
    const secondHalf = 150 / ((many[299] ?? 0) - (many[149] ?? 0));
    instances.stop();
    return [
      row('start to ready, first start included', startSecs, 's', { atMost: 6 }),
      row('memory of the Node process, idle', idleMb, 'MB', { atMost: 450 }),
      row('workload → first instance Ready, network there, p50', percentile(withNetwork, 0.5), 's', { atMost: 0.4 }),
      row('workload → first instance Ready, new network, p50', percentile(withoutNetwork, 0.5), 's', { atMost: 0.7 }),
      row('3 cities × 10 instances, in order', ordered, 's', { atMost: 2.5 }),
      row('20 workloads × 10 instances, Parallel', parallel, 'Ready/s', { atLeast: 30 }),
      row('300 workloads × 1', 300 / (many[299] ?? 0), 'Ready/s', { atLeast: 20 }),
      row('300 workloads × 1, rate of the second half / whole', secondHalf / (300 / (many[299] ?? 1)), 'x', {
        atLeast: 1,
      }),
    ];
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function location(city: string, region: string): object {
  const provider = { gcp: { projectId: 'acme-edge', region, zone: `${region}-a` } };
  return {
    metadata: { name: city.toLowerCase(), namespace: 'default' },
    spec: { locationClassName: 'self-managed', topology: { 'topology.datum.net/city-code': city }, provider },
  };
}

function network(name: string): object {
  return { metadata: { name, namespace: 'default' }, spec: { ipam: { mode: 'Auto' } } };
}

function workload(name: string, cityCount: number, replicas: number, policy = 'OrderedReady', net = 'default'): object {
  const containers = [{ name: 'web', image: 'docker.io/library/nginx:1.29', ports: [{ name: 'http', port: 8080 }] }];
  const networkPolicy = { ingress: [{ ports: [{ port: 'http' }], from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] };
  return {
    metadata: { name, namespace: 'default' },
    spec: {
      template: {
        metadata: { labels: { bench: name } },
        spec: {
          runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
          networkInterfaces: [{ network: { name: net }, networkPolicy }],
        },
      },
      placements: [
        {
          name: 'p',
          cityCodes: Object.keys(cities).slice(0, cityCount),
          scaleSettings: { minReplicas: replicas, instanceManagementPolicy: policy },
        },
      ],
    },
  };
}

async function create(ready: Ready, kind: string, input: object): Promise<void> {
  const mutation = `mutation ($input: ${kind}Input!) { payload: create${kind}(input: $input) { userErrors { message } } }`;
  const { payload } = await ask<{ payload: { userErrors: { message: string }[] } }>(ready, mutation, { input });
  if (payload.userErrors.length > 0) throw new Error(payload.userErrors.map(({ message }) => message).join('; '));
}

/** Watches all instances as a client would; `apply` answers the seconds from the request to the wanted number of Ready ones. */
function watchInstances(ready: Ready): {
  apply(name: string, input: object, count: number): Promise<number>;
  stop(): void;
} {
  const client = createClient({
    url: (ready.graphql ?? '').replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${ready.token}` },
  });
  const readyNames = new Map<string, Set<string>>();
  const waiting = new Map<string, { count: number; done: () => void }>();
  type Event = {
    watchInstances: {
      type: string;
      instance: {
        metadata: { name: string; labels: Record<string, string> };
        status: { conditions: { type: string; status: string }[] };
      } | null;
    };
  };
  const query =
    'subscription { watchInstances(namespace: "default") { type instance { metadata { name labels } status { conditions { type status } } } } }';
  void (async () => {
    for await (const { data } of client.iterate<Event>({ query })) {
      const instance = data?.watchInstances.instance;
      if (!instance?.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) continue;
      const name = instance.metadata.labels['bench'] ?? '';
      const names = readyNames.get(name) ?? new Set();
      readyNames.set(name, names.add(instance.metadata.name));
      const waiter = waiting.get(name);
      if (waiter !== undefined && names.size >= waiter.count) waiter.done();
    }
  })();
  return {
    async apply(name, input, count) {
      const start = performance.now();
      const reached = new Promise<void>((done) => waiting.set(name, { count, done }));
      await create(ready, 'Workload', input);
      await reached;
      return (performance.now() - start) / 1000;
    },
    stop: () => void client.dispose(),
  };
}
