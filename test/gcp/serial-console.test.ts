import { request } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminToken } from '../../access/authenticate.ts';
import { stayInOwn } from '../../access/projects/projects.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { certificates } from '../../cli/certificates.ts';
import { startGateway } from '../../gateway/start-gateway.ts';
import { startKubernetes } from '../../kubernetes/start-kubernetes.ts';
import { createCloudResources } from '../../store/cloud-resources.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { createGcpClient } from '../../workers/clouds/gcp/client.ts';
import { noLimits } from '../../workers/clouds/gcp/limits.ts';
import { createConsoleReader } from '../../workers/gcp-instance/read-console.ts';
import { bind, grant } from '../support/access-objects.ts';
import { accessWorld } from '../support/access-world.ts';
import { tokensOf } from '../support/authentication.ts';
import { objectsOf } from '../support/cloud.ts';
import { send, testToken } from '../support/gateway.ts';
import {
  asStranger,
  createLocations,
  createNetwork,
  createWorkload,
  drift,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../support/gcp-world.ts';
import { groupWorld } from '../support/group-world.ts';
import { kindSamples } from '../support/kind-samples.ts';
import { asAdmin } from '../support/store.ts';

const authorization = `Bearer ${testToken}`;
const read = `query ($name: String!, $start: Int64!, $max: Int!) { instance(namespace: "default", name: $name) {
  serialConsole(startBytes: $start, maxBytes: $max) { text startBytes nextBytes missing } } }`;
const watch = `subscription ($name: String!, $start: Int64!) {
  watchSerialConsole(namespace: "default", name: $name, startBytes: $start) { text startBytes nextBytes } }`;

/** Both doors over the store and the cloud of a world. */
async function doors({ open, gcp: endpoint }: GcpWorld) {
  const gcp = createGcpClient({ endpoint, limits: noLimits });
  onTestFinished(() => gcp.close());
  const log = pino({ level: 'error' });
  const { store, registry, audit, inventory } = open;
  const authority = createPolicies();
  const readConsole = createConsoleReader({ cloudResources: createCloudResources(open.pool), gcp });
  const parts = { store, registry, audit, inventory, authority, ...tokensOf(open), readConsole, log };
  const listen = { host: '127.0.0.1', port: 0, authenticate: adminToken(testToken), log };
  const gateway = await startGateway({ ...listen, ...embeddedSubgraphs(parts) });
  onTestFinished(() => gateway.close());
  const folder = mkdtempSync(join(tmpdir(), 'datum-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { ca, server: tls } = await certificates(folder, '127.0.0.1');
  const adapter = await startKubernetes({
    ...parts,
    ...listen,
    tls,
    enterProject: stayInOwn,
    notReady: () => undefined,
  });
  onTestFinished(() => adapter.close());

  return {
    graphql: (query: string, variables: object) => send(gateway.url, query, variables as Record<string, unknown>),
    watch(variables: Record<string, unknown>) {
      const client = createClient({
        url: gateway.url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
      });
      onTestFinished(() => void client.dispose());
      return client.iterate<{ watchSerialConsole: { text: string; startBytes: number; nextBytes: number } }>({
        query: watch,
        variables,
      });
    },
    /** Answer of the log of an instance, as far as it came when `enough` holds. */
    log: (name: string, query = '', enough = (_text: string) => false) =>
      new Promise<{ status: number; type: string | undefined; text: string }>((resolve, reject) => {
        const path = `/apis/compute.datumapis.com/v1alpha/namespaces/default/instances/${name}/log${query}`;
        const call = request(`${adapter.url}${path}`, { ca, headers: { authorization } }, (response) => {
          let text = '';
          const answer = () => ({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'],
            text,
          });
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            if (!enough(text)) return;
            resolve(answer());
            response.destroy();
          });
          response.on('end', () => resolve(answer())).on('error', () => {});
        });
        call.on('error', reject).end();
      }),
  };
}

async function say(world: GcpWorld, machine: string, ...serial: string[]): Promise<void> {
  const body = JSON.stringify({ instance: machine, serial });
  const response = await fetch(`${world.gcpControl}/_emu/guest`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
}

const keyOf = (selfLink: string): string => selfLink.replace(/^.*\/(?=projects\/)/, '');

test('what a machine writes is read from a byte on, and followed, at both doors', { timeout: 120_000 }, async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  const name = instance?.metadata.name ?? '';
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const key = keyOf(machine?.['selfLink'] as string);
  const door = await doors(world);
  const ask = async (start: number, max: number) =>
    (await door.graphql(read, { name, start, max })).data.instance.serialConsole;

  const whole = await door.log(name);
  expect(whole).toMatchObject({ status: 200, type: 'text/plain' });
  expect(whole.text).toContain('Linux version');
  const first = await ask(0, 100);
  expect(first).toMatchObject({ startBytes: 0, nextBytes: 100, missing: null, text: whole.text.slice(0, 100) });
  const second = await ask(first.nextBytes, 262_144);
  expect(first.text + second.text).toBe(whole.text);
  expect((await ask(-7, 100)).text).toBe(whole.text.slice(-7));
  expect((await door.graphql(read, { name, start: 0, max: 0 })).errors?.[0]?.message).toContain('maxBytes is 1 to');

  const following = door.log(name, '?follow=true', (text) => text.includes('late'));
  const events = door.watch({ name, start: second.nextBytes });
  await say(world, key, 'early', 'late ☃');
  expect((await following).text).toBe(`${whole.text}early\r\nlate ☃\r\n`);
  expect((await events.next()).value?.data?.watchSerialConsole).toMatchObject({ text: 'early\r\nlate ☃\r\n' });
  await events.return?.();

  expect((await door.log(name, '?tailLines=2')).text).toBe('early\r\nlate ☃\r\n');
  expect((await door.log(name, '?tailLines=1&limitBytes=6')).text).toBe('late ');
  expect(await door.log(name, '?tailLines=-1')).toMatchObject({ status: 422 });
  expect(await door.log(name, '?limitBytes=0')).toMatchObject({ status: 422 });
  expect(await door.log(name, '?previous=true')).toMatchObject({ status: 422 });
  expect(await door.log('nobody')).toMatchObject({ status: 404 });

  await asStranger(world, 'POST', `compute/v1/${key}/stop`);
  const stopped = await door.log(name);
  expect(stopped.status).toBe(400);
  expect(stopped.text).toContain('is not running; its console can be read while it runs');
  expect((await ask(5, 100)).missing).toContain('is not running');
});

test(
  'who follows a console sees restarts and a machine that is made anew, and the end of the instance',
  { timeout: 240_000 },
  async () => {
    const world = await gcpWorld({ observeEveryMs: 100 });
    await createLocations(world, 'us-south1-a');
    await createNetwork(world);
    await createWorkload(world, 'web');
    const [instance] = await readyInstances(world, 1);
    const name = instance?.metadata.name ?? '';
    const machineNow = async () => objectsOf(await world.cloud(), 'instances')[0];
    const machine = await machineNow();
    const key = keyOf(machine?.['selfLink'] as string);
    const door = await doors(world);

    let [logged, isLogOver] = ['', false];
    void door
      .log(name, '?follow=true', (text) => {
        logged = text;
        return false;
      })
      .then(() => (isLogOver = true));
    const pages: { text: string; startBytes: number }[] = [];
    let isWatchOver = false;
    const reading = (async () => {
      for await (const { data } of door.watch({ name, start: 0 })) if (data) pages.push(data.watchSerialConsole);
      isWatchOver = true;
    })();
    const boots = (text: string): number => text.split('Linux version').length - 1;
    const seen = () => [boots(logged), boots(pages.map(({ text }) => text).join(''))];
    const patiently = { timeout: 60_000, interval: 100 };

    await expect.poll(seen, patiently).toEqual([1, 1]);
    await asStranger(world, 'POST', `compute/v1/${key}/reset`);
    await expect.poll(seen, patiently).toEqual([2, 2]);
    expect(pages.at(-1)?.startBytes).toBeGreaterThan(0);

    await drift(world, key);
    await world.eventuallyCloud((state) => {
      const [made] = objectsOf(state, 'instances');
      return made !== undefined && made['id'] !== machine?.['id'];
    });
    await expect.poll(seen, patiently).toEqual([3, 3]);
    expect(pages.at(-1)?.startBytes).toBe(0);
    expect([isLogOver, isWatchOver]).toEqual([false, false]);

    await world.delete('Workload', 'web');
    await expect.poll(() => [isLogOver, isWatchOver], patiently).toEqual([true, true]);
    await reading;
  },
);

test('the machine of a group has a console too', { timeout: 120_000 }, async () => {
  const world = await groupWorld({ latency: 'none' }, { replicas: 1 });
  const [instance] = await readyInstances(world, 1);
  const door = await doors(world);
  expect((await door.log(instance?.metadata.name ?? '')).text).toContain('Linux version');
});

test('a console is for those who may get instances/log', async () => {
  const world = await accessWorld();
  await world.store.create(asAdmin, 'Instance', {
    metadata: { namespace: 'default', name: 'one' },
    ...kindSamples.Instance,
  });
  const instances = { apiGroups: ['compute.datumapis.com'], verbs: ['get'] };
  await grant(world, 'ann', [{ ...instances, resources: ['instances'] }], 'default');
  await bind(world, 'vera', 'view', 'default');
  const path = '/apis/compute.datumapis.com/v1alpha/namespaces/default/instances/one/log';
  const variables = { name: 'one', start: 0, max: 10 };
  const [ann, vera] = [world.person('ann'), world.person('vera')];

  expect(await ann.kubernetes('GET', path)).toMatchObject({ status: 403 });
  expect((await ann.graphql(read, variables)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  await expect(ann.watch(watch, { name: 'one', start: 0 }).ended).rejects.toThrow('FORBIDDEN');

  // There is no cloud in this world, and so nothing to read for those who may.
  expect(await vera.kubernetes('GET', path)).toMatchObject({ status: 400 });
  expect((await vera.graphql(read, variables)).data.instance.serialConsole.missing).toContain('no cloud');
  expect(await vera.kubernetes('POST', path, {})).toMatchObject({ status: 405 });
});
