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

test('errors of Google can be had by name', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  for (const [error, status] of [
    ['authError', 401],
    ['concurrentOperations', 403],
    ['operationInProgress', 409],
    ['gatewayTimeout', 504],
  ]) {
    await emulator.addFault({ count: 1, fault: { kind: 'error', error: error as 'authError' } });
    expect((await failureOf(compute.networks.list({ project }))).status, String(error)).toBe(status);
  }
});

test('an operation shows its progress until it fails, or is found no more', async () => {
  const emulator = await startForTest({ latency: 'real', clock: 'manual' });
  const { compute } = emulator;
  const advance = (ms: number) => emulator.control('POST', '/_emu/time/advance', { ms });
  await emulator.addFault({
    path: '/networks$',
    count: 1,
    fault: { kind: 'operation-error', code: 'INTERNAL_ERROR', progress: 50 },
  });
  const { data: failing } = await compute.networks.insert(networkCall);
  const look = async (operation: string) => (await compute.globalOperations.get({ project, operation })).data;
  await advance(3_900);
  expect(await look(failing.name ?? '')).toMatchObject({ status: 'RUNNING', progress: 50 });
  await advance(6_100);
  expect(await look(failing.name ?? '')).toMatchObject({
    status: 'DONE',
    error: { errors: [{ code: 'INTERNAL_ERROR' }] },
  });
  await emulator.addFault({ path: '/networks$', count: 1, fault: { kind: 'vanishing-operation', ms: 5_000 } });
  const { data: lost } = await compute.networks.insert(networkCall);
  await advance(5_000);
  expect((await failureOf(look(lost.name ?? ''))).status).toBe(404);
  await advance(20_000);
  expect((await compute.networks.get({ project, network: 'net' })).data.id).toBe(lost.targetId);
});

test('an operation may be done before anybody sees what it has made', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  await emulator.addFault({ path: '/networks$', count: 1, fault: { kind: 'late-visibility', ms: 5_000 } });
  expect((await compute.networks.insert(networkCall)).data.status).toBe('DONE');
  const get = () => compute.networks.get({ project, network: 'net' });
  expect((await failureOf(get())).status).toBe(404);
  expect((await failureOf(compute.networks.insert(networkCall))).status).toBe(409);
  await emulator.control('POST', '/_emu/time/advance', { ms: 5_000 });
  await get();
});

test('a request may be delivered twice; a request id makes one of it', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await emulator.addFault({ path: '/networks$', count: 2, fault: { kind: 'duplicate' } });
  expect((await failureOf(compute.networks.insert(networkCall))).reason).toBe('alreadyExists');
  const other = { project, requestId: randomUUID(), requestBody: { name: 'other', autoCreateSubnetworks: false } };
  expect((await compute.networks.insert(other)).data.status).toBe('DONE');
});

test('a body may stop half way, or come slowly', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await emulator.addFault({ count: 1, fault: { kind: 'cut-body' } });
  await expect(compute.networks.list({ project })).rejects.toThrow();
  await emulator.addFault({ count: 1, fault: { kind: 'slow-body', ms: 100 } });
  const startMs = performance.now();
  expect((await compute.networks.list({ project })).data.kind).toBe('compute#networkList');
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(80);
});

test('a rule may be in force for a while only', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { nowMs } = await emulator.control('GET', '/_emu/time');
  await emulator.addFault({
    fromMs: nowMs + 1_000,
    untilMs: nowMs + 2_000,
    fault: { kind: 'error', error: 'backendError' },
  });
  const look = () =>
    emulator.compute.networks.list({ project }).then(
      () => 'ok',
      () => 'failed',
    );
  const seen = [await look()];
  for (let step = 0; step < 2; step += 1) {
    await emulator.control('POST', '/_emu/time/advance', { ms: 1_000 });
    seen.push(await look());
  }
  expect(seen).toEqual(['ok', 'failed', 'ok']);
});
