import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;
const zone = ZONE;
const networkCall = { project, requestBody: { name: 'net', autoCreateSubnetworks: false } };

test('a lost answer leaves one machine, and the same request id finds its operation', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await emulator.addFault({
    method: 'POST',
    path: '/instances$',
    project,
    zone,
    count: 1,
    fault: { kind: 'lost-answer' },
  });
  const call = { project, zone, requestId: randomUUID(), requestBody: instanceBody('vm') };
  await expect(compute.instances.insert(call)).rejects.toMatchObject({ code: 'ECONNRESET' });
  const { data: vm } = await compute.instances.get({ project, zone, instance: 'vm' });
  const { data: operation } = await compute.instances.insert(call);
  expect(operation).toMatchObject({ targetId: vm.id, clientOperationId: call.requestId, status: 'DONE' });
  const { counts } = await emulator.control('GET', '/_emu/state?objects=false');
  expect(counts).toMatchObject({ instances: 1, disks: 1 });
});

test('a request dropped before it is done leaves nothing', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await emulator.addFault({ path: '/networks', count: 1, fault: { kind: 'drop' } });
  await expect(compute.networks.insert(networkCall)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await compute.networks.list({ project })).data.items).toBeUndefined();
});

test('a 500 after the commit leaves the network', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await emulator.addFault({ path: '/networks', count: 1, fault: { kind: 'commit-then-error' } });
  expect(await failureOf(compute.networks.insert(networkCall))).toMatchObject({ status: 500, reason: 'backendError' });
  expect((await compute.networks.get({ project, network: 'net' })).data.name).toBe('net');
});

test('throttling and unavailability come as often as told, with headers and details', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  const details = [{ reason: 'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED' }];
  await emulator.addFault({
    skip: 1,
    count: 1,
    fault: { kind: 'http', status: 403, reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded', details },
  });
  await emulator.addFault({
    skip: 1,
    count: 1,
    fault: { kind: 'http', status: 503, headers: { 'retry-after': '7' } },
  });
  const look = () => compute.networks.list({ project });
  await look();
  const throttled = await look().catch((error: { response: { data: unknown } }) => error.response.data);
  expect(throttled).toEqual({
    error: {
      code: 403,
      message: 'Rate Limit Exceeded',
      errors: [{ message: 'Rate Limit Exceeded', domain: 'global', reason: 'rateLimitExceeded' }],
      details,
    },
  });
  const unavailable = await look().catch((error: { response: Response }) => error.response);
  expect(unavailable).toMatchObject({ status: 503 });
  expect((unavailable as Response).headers.get('retry-after')).toBe('7');
  await look();
  const { faults } = await emulator.control('GET', '/_emu/faults');
  expect(faults.map(({ fired }: { fired: number }) => fired)).toEqual([1, 1]);
});

test('a probability hits some and not others, the same ones for the same seed', async () => {
  const hits = async () => {
    const emulator = await startForTest();
    await emulator.addFault({ probability: 0.5, seed: 7, fault: { kind: 'http', status: 429 } });
    const results: boolean[] = [];
    for (let index = 0; index < 20; index += 1) {
      results.push(
        await emulator.compute.networks.list({ project }).then(
          () => false,
          () => true,
        ),
      );
    }
    return results;
  };
  const [first, second] = [await hits(), await hits()];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(2);
});

test('a stock-out fails in the operation; the machine shows STOPPING for a moment, then it is gone', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const advance = (ms: number) => emulator.control('POST', '/_emu/time/advance', { ms });
  await compute.networks.insert(networkCall);
  await advance(500);
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  await advance(500);
  const message = `The zone '${zone}' does not have enough resources available to fulfill the request.`;
  await emulator.addFault({
    path: '/instances$',
    zone,
    count: 1,
    fault: { kind: 'operation-error', code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message },
  });
  const { data: started } = await compute.instances.insert({ project, zone, requestBody: instanceBody('vm') });
  expect(started.error).toBeUndefined();
  const vm = () => compute.instances.get({ project, zone, instance: 'vm' });
  const operation = started.name ?? '';
  const look = async () => (await compute.zoneOperations.get({ project, zone, operation })).data;
  while ((await look()).status !== 'DONE') await advance(10);
  expect(await look()).toMatchObject({
    httpErrorStatusCode: 503,
    error: { errors: [{ code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message }] },
  });
  expect((await vm()).data.status).toBe('STOPPING');
  await advance(1_000);
  expect((await failureOf(vm())).status).toBe(404);
  expect((await compute.disks.list({ project, zone })).data.items).toBeUndefined();
  await compute.instances.insert({ project, zone, requestBody: instanceBody('vm') });
  await advance(1_000);
  expect((await vm()).data).toMatchObject({ status: 'RUNNING', networkInterfaces: [{ networkIP: '10.0.0.2' }] });
});

test('a stuck operation stays until the control API ends it', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  await emulator.addFault({ path: '/networks$', count: 1, fault: { kind: 'stuck-operation' } });
  const { data: started } = await compute.networks.insert(networkCall);
  await emulator.control('POST', '/_emu/time/advance', { ms: 24 * 3_600_000 });
  const operation = started.name ?? '';
  expect((await compute.globalOperations.get({ project, operation })).data.status).toBe('RUNNING');
  await emulator.control('POST', '/_emu/operations/finish', { name: operation });
  expect((await compute.networks.get({ project, network: 'net' })).data.id).toBe(started.targetId);
});

test('answers can be cut short, turned to HTML or made late', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await emulator.addFault({ count: 1, fault: { kind: 'truncated' } });
  const { data: half } = await compute.networks.list({ project });
  expect(typeof half).toBe('string');
  await emulator.addFault({ count: 1, fault: { kind: 'html' } });
  const html = await fetch(`${emulator.origin}/compute/v1/projects/${project}/global/networks`);
  expect([html.status, html.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8']);
  await emulator.addFault({ count: 1, fault: { kind: 'latency', ms: 60 } });
  const startMs = performance.now();
  await compute.networks.list({ project });
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(55);
});

test('a rule that makes no sense is refused', async () => {
  const emulator = await startForTest();
  for (const rule of [
    {},
    { fault: { kind: 'nonsense' } },
    { fault: { kind: 'http' } },
    { paht: 'x', fault: { kind: 'drop' } },
  ]) {
    await expect(emulator.control('POST', '/_emu/faults', rule)).rejects.toThrow();
  }
});
