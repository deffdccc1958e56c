import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startGcpEmulator } from '../start.ts';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;

test('a taken port is refused in one line, whichever of the two it is', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const options = { host: '127.0.0.1', port: 0, controlPort: 0, latency: 'none' } as const;
  const says = `the GCP emulator cannot listen on 127.0.0.1:${port}: the port is taken`;
  await expect(startGcpEmulator({ ...options, port })).rejects.toThrow(says);
  await expect(startGcpEmulator({ ...options, controlPort: port })).rejects.toThrow(says);
});

test('close cuts calls that wait', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { data } = await emulator.compute.networks.insert({
    project,
    requestBody: { name: 'net', autoCreateSubnetworks: false },
  });
  const waiting = emulator.compute.globalOperations.wait({ project, operation: data.name ?? '' }).then(
    () => 'answered',
    () => 'cut',
  );
  await emulator.compute.networks.list({ project });
  await emulator.close();
  expect(['answered', 'cut']).toContain(await waiting);
});

test('an answer that Google could not have given becomes a 500 that names the field', async () => {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  const resource = `projects/${project}/global/networks/net`;
  await emulator.control('POST', '/_emu/drift', { resource, action: 'patch', patch: { flavour: 'sweet' } });
  const failure = await failureOf(emulator.compute.networks.get({ project, network: 'net' }));
  expect(failure).toMatchObject({ status: 500, message: expect.stringContaining('Network.flavour') });
  const { violations } = await emulator.control('GET', '/_emu/schema-violations');
  expect(violations).toEqual([expect.objectContaining({ method: 'GET', message: failure.message })]);
});

test('drift: a resource changed or deleted by somebody else', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const vm = { project, zone: ZONE, instance: 'vm' };
  const resource = `projects/${project}/zones/${ZONE}/instances/vm`;
  const { data: before } = await compute.instances.get(vm);
  await emulator.control('POST', '/_emu/drift', { resource, action: 'patch', patch: { tags: { items: ['foreign'] } } });
  expect((await compute.instances.get(vm)).data.tags?.items).toEqual(['foreign']);
  const requestBody = { fingerprint: before.tags?.fingerprint ?? '', items: [] };
  expect((await failureOf(compute.instances.setTags({ ...vm, requestBody }))).status).toBe(412);
  await emulator.control('POST', '/_emu/drift', { resource, action: 'delete' });
  expect((await failureOf(compute.instances.get(vm))).status).toBe(404);
  await compute.subnetworks.delete({ project, region: REGION, subnetwork: 'sub' });
  await expect(emulator.control('POST', '/_emu/drift', { resource, action: 'delete' })).rejects.toThrow('no resource');
});

test('the log tells requests, ids, routes and answers', async () => {
  const { compute, control } = await startForTest();
  const requestId = '0f0e0d0c-0b0a-4908-8706-050403020100';
  await compute.networks.insert({ project, requestId, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  await failureOf(compute.networks.get({ project, network: 'none' }));
  const { counters, requests } = await control('GET', '/_emu/requests?since=1');
  expect(counters).toMatchObject({ total: 2, byStatus: { 200: 1, 404: 1 } });
  expect(requests).toEqual([expect.objectContaining({ number: 2, method: 'GET', status: 404, reason: 'notFound' })]);
  const { requests: all } = await control('GET', '/_emu/requests');
  expect(all[0]).toMatchObject({
    requestId,
    body: { name: 'net' },
    apiVersion: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
});

test('places, machine types and images are there', async () => {
  const { compute } = await startForTest();
  const { data: zones } = await compute.zones.list({ project });
  expect(zones.items?.length).toBeGreaterThan(120);
  expect((await compute.zones.get({ project, zone: ZONE })).data.region).toMatch(/regions\/us-south1$/);
  const { data: region } = await compute.regions.get({ project, region: REGION });
  expect(region.quotas?.find(({ metric }) => metric === 'INSTANCES')).toMatchObject({ usage: 0 });
  expect((await compute.regions.list({ project })).data.items?.length).toBeGreaterThan(40);
  const { data: machine } = await compute.machineTypes.get({ project, zone: ZONE, machineType: 'n2-standard-2' });
  expect(machine).toMatchObject({ guestCpus: 2, memoryMb: 8192 });
  expect((await compute.machineTypes.list({ project, zone: ZONE })).data.items?.length).toBeGreaterThan(50);
  for (const [owner, family] of [
    ['ubuntu-os-cloud', 'ubuntu-2204-lts'],
    ['cos-cloud', 'cos-stable'],
    ['cos-cloud', 'cos-113-lts'],
  ]) {
    const { data: image } = await compute.images.getFromFamily({ project: owner ?? '', family: family ?? '' });
    expect(image.deprecated).toBeUndefined();
    expect((await compute.images.get({ project: owner ?? '', image: image.name ?? '' })).data).toEqual(image);
  }
  const { data: images } = await compute.images.list({ project: 'ubuntu-os-cloud', filter: 'family=ubuntu-2204-lts' });
  expect(images.items?.length).toBeGreaterThan(1);
  expect((await failureOf(compute.images.getFromFamily({ project, family: 'mine' }))).status).toBe(404);
});

test('main.ts runs it on its own and stops on SIGTERM', async () => {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--port', '0', '--control-port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const controlOrigin = /control API at (\S+)\/_emu\//.exec(chunk.toString())?.[1];
  expect((await fetch(`${controlOrigin}/_emu/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});
