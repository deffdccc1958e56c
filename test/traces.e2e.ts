import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testToken } from './support/gateway.ts';
import { ask, eventually } from './support/graphql.ts';
import { type CollectedSpan, startCollector } from './support/otlp-collector.ts';
import { startProductProcess } from './support/product.ts';
import { startRelay } from './support/relay.ts';

const insertPath = /^\/compute\/v1\/projects\/[^/]+\/zones\/[^/]+\/instances(\?|$)/;
const secret = 'hunter2-in-an-environment';

const workload = (name: string) => ({
  metadata: { name, namespace: 'default' },
  spec: {
    template: {
      spec: {
        runtime: {
          resources: { instanceType: 'datumcloud/d1-standard-2' },
          sandbox: {
            containers: [{ name: 'c', image: 'docker.io/library/nginx:1', env: [{ name: 'PASSWORD', value: secret }] }],
          },
        },
        networkInterfaces: [{ network: { name: 'default' } }],
      },
    },
    placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
  },
});

const create =
  'mutation ($input: WorkloadInput!) { createWorkload(input: $input) { workload { id } userErrors { message } } }';
const traceIdOf = (door: number): string => `4bf92f3577b34da6a3ce929d0e0e47${String(door).padStart(2, '0')}`;
const traceparentOf = (door: number, flags = '01'): string => `00-${traceIdOf(door)}-00f067aa0ba902b7-${flags}`;

it('one trace leads from a write at each door, through processes of their own, to the call that makes the machine', async () => {
  const collector = await startCollector();
  const owner = await startProductProcess({ env: { DATUM_ROLES: 'emulator', DATUM_TOKEN: testToken } });
  /** Traces of calls that make machines, as the cloud is told. */
  const inserts: { readonly traceparent: string | undefined }[] = [];
  const relay = await startRelay(owner.ready.gcp ?? '', async (call, moment) => {
    if (moment === 'before' && call.method === 'POST' && insertPath.test(call.path))
      inserts.push({ traceparent: call.headers['traceparent'] as string | undefined });
    return undefined;
  });
  const shared = {
    DATABASE_URL: owner.ready.database,
    DATUM_TOKEN: testToken,
    DATUM_SECRET_KEY: readFileSync(join(owner.dataDir, 'secret.key'), 'utf8').trim(),
    DATUM_GCP_ENDPOINT: relay.origin,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key',
    // Only who brings a trace is traced.
    DATUM_TRACE_RATIO: '0',
  };
  const start = (DATUM_ROLES: string, more: Record<string, string> = {}) =>
    startProductProcess({ env: { ...shared, DATUM_ROLES, ...more } });
  const [subgraphs, kubernetes] = await Promise.all([
    start('subgraph'),
    start('kubernetes'),
    start('dispatcher'),
    start('worker'),
  ]);
  const printed = await eventually(
    async () => subgraphs.output(),
    (output) => output.includes('Ready.'),
  );
  const urls = [...printed.matchAll(/^Subgraph (\w+): (\S+)$/gm)].map(([, name, url]) => `${name}=${url}`);
  const { ready } = await start('gateway', { DATUM_SUBGRAPH_URLS: urls.join(',') });

  const location = {
    metadata: { name: 'dfw', namespace: 'default' },
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a' } },
    },
  };
  const network = { metadata: { name: 'default', namespace: 'default' }, spec: { ipam: { mode: 'Auto' } } };
  for (const [kind, input] of Object.entries({ Location: location, Network: network }))
    await ask(ready, `mutation ($input: ${kind}Input!) { create${kind}(input: $input) { userErrors { message } } }`, {
      input,
    });

  const post = async (accept: string, name: string, traceparent: string): Promise<string> => {
    const response = await fetch(ready.graphql ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${testToken}`, traceparent },
      body: JSON.stringify({ query: create, variables: { input: workload(name) } }),
    });
    return response.text();
  };
  const doors: readonly ((name: string, traceparent: string) => Promise<unknown>)[] = [
    async (name, traceparent) => expect(await post('application/json', name, traceparent)).toContain('"userErrors":[]'),
    async (name, traceparent) =>
      expect(await post('text/event-stream', name, traceparent)).toContain('"userErrors":[]'),
    async (name, traceparent) => {
      const client = createClient({
        url: (ready.graphql ?? '').replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${testToken}` },
      });
      onTestFinished(() => void client.dispose());
      const payload = { query: create, variables: { input: workload(name) }, extensions: { traceparent } };
      for await (const { errors } of client.iterate(payload)) expect(errors).toBeUndefined();
    },
    async (name, traceparent) => {
      const sent = request(
        `${kubernetes.ready.kubernetes}/apis/compute.datumapis.com/v1alpha/namespaces/default/workloads`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json', traceparent },
          rejectUnauthorized: false,
        },
      );
      sent.end(JSON.stringify({ apiVersion: 'compute.datumapis.com/v1alpha', kind: 'Workload', ...workload(name) }));
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      expect(answer.statusCode, await text(answer)).toBe(201);
    },
  ];
  /** Trace that the next machine is made in. */
  const nextInsert = async (): Promise<string | undefined> => {
    await eventually(
      async () => inserts.length,
      (count) => count > 0,
    );
    return inserts.splice(0)[0]?.traceparent;
  };
  // What comes without a trace, or with one that is not recorded, is not traced at this ratio. It makes what the others share.
  await post('application/json', 'untraced', traceparentOf(90, '00'));
  expect(await nextInsert()).toBeUndefined();
  expect(collector.spans).toEqual([]);

  for (const [door, write] of doors.entries()) {
    await write(`door-${door}`, traceparentOf(door));
    expect((await nextInsert())?.slice(3, 35)).toBe(traceIdOf(door));
    const inTrace = (): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === traceIdOf(door));
    const isInsert = ({ name }: CollectedSpan): boolean => name === 'gcp POST instances';
    const isWrite = ({ name }: CollectedSpan): boolean => name === 'store create Workload';
    const spans = await eventually(
      async () => inTrace(),
      (all) =>
        all.some(isInsert) &&
        all.some(isWrite) &&
        all.some(({ kind, parentSpanId }) => kind === 2 && parentSpanId === '00f067aa0ba902b7'),
    );
    // From the call back to the client, each step is the child of the one before.
    const path: CollectedSpan[] = [];
    const byId = await eventually(
      async () => new Map(inTrace().map((span) => [span.spanId, span])),
      (known) => {
        path.length = 0;
        for (let at = [...known.values()].find(isInsert); at !== undefined; at = known.get(at.parentSpanId ?? ''))
          path.push(at);
        return path.at(-1)?.parentSpanId === '00f067aa0ba902b7';
      },
    );
    expect(byId.size).toBeGreaterThanOrEqual(spans.length);
    // Which of the objects that a machine waits for comes last is a matter of chance.
    expect(path.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'store create Workload',
        'dispatch Workload',
        'reconcile workload',
        'reconcile gcp-instance',
      ]),
    );
    expect([...byId.values()].map(({ name }) => name)).toEqual(
      expect.arrayContaining(['store create WorkloadDeployment', 'store create Instance', 'dispatch Instance']),
    );
    const passed = new Set(path.map(({ roles }) => roles));
    expect(passed).toEqual(
      new Set(door === 3 ? ['kubernetes', 'dispatcher', 'worker'] : ['gateway', 'subgraph', 'dispatcher', 'worker']),
    );
    for (const { startTimeUnixNano, endTimeUnixNano } of path)
      expect(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(0n);
  }
  expect(collector.headers.every((headers) => headers['x-key'] === 'a key')).toBe(true);
  expect(collector.received()).not.toContain(secret);
  expect(collector.received()).not.toContain(testToken);
  expect(collector.spans.filter(({ traceId }) => traceId === traceIdOf(90))).toEqual([]);
}, 300_000);
