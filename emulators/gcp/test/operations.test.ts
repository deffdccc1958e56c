import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;
const network = { name: 'net', autoCreateSubnetworks: false };

test('with a manual clock an operation runs until time is moved', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const { data: started } = await compute.networks.insert({ project, requestBody: network });
  expect(['PENDING', 'RUNNING']).toContain(started.status);
  expect(started.progress).toBe(0);
  const operation = started.name ?? '';
  expect(operation).toMatch(/^operation-\d{13}-[0-9a-f]{13}-[0-9a-f]{8}-[0-9a-f]{8}$/);

  expect(await failureOf(compute.networks.get({ project, network: 'net' }))).toMatchObject({
    status: 404,
    reason: 'notFound',
  });
  expect(await failureOf(compute.networks.insert({ project, requestBody: network }))).toMatchObject({ status: 409 });
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  expect(await failureOf(compute.subnetworks.insert({ project, region: REGION, requestBody }))).toMatchObject({
    status: 400,
    reason: 'resourceNotReady',
  });

  await emulator.control('POST', '/_emu/time/advance', { ms: 600 });
  const { data: ended } = await compute.globalOperations.get({ project, operation });
  expect(ended).toMatchObject({ status: 'DONE', progress: 100, targetId: started.targetId, name: operation });
  expect(Date.parse(ended.endTime ?? '') - Date.parse(ended.insertTime ?? '')).toBeGreaterThanOrEqual(50);
  expect((await compute.networks.get({ project, network: 'net' })).data.id).toBe(started.targetId);
});

test('an instance goes through PROVISIONING and STAGING to RUNNING, and through STOPPING to nothing', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const advance = (ms: number) => emulator.control('POST', '/_emu/time/advance', { ms });
  await compute.networks.insert({ project, requestBody: network });
  await advance(500);
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  await advance(500);
  const statusOf = async () => (await compute.instances.get({ project, zone: ZONE, instance: 'vm' })).data;

  const { data: started } = await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  expect(await statusOf()).toMatchObject({ status: 'PROVISIONING', networkInterfaces: [{ networkIP: '10.0.0.2' }] });
  const { data: boot } = await compute.disks.get({ project, zone: ZONE, disk: 'vm-boot' });
  expect(boot.status).toBe('CREATING');
  const operation = started.name ?? '';
  const endedAfterMs = await untilDone(async () => {
    await advance(10);
    return (await compute.zoneOperations.get({ project, zone: ZONE, operation })).data.status === 'DONE';
  });
  expect(endedAfterMs).toBeLessThanOrEqual(50);
  expect((await statusOf()).status).toBe('STAGING');
  await advance(300);
  expect((await statusOf()).status).toBe('RUNNING');

  await compute.instances.delete({ project, zone: ZONE, instance: 'vm' });
  expect((await statusOf()).status).toBe('STOPPING');
  expect(await failureOf(compute.instances.delete({ project, zone: ZONE, instance: 'vm' }))).toMatchObject({
    reason: 'resourceNotReady',
  });
  await advance(500);
  expect((await failureOf(statusOf())).status).toBe(404);
  expect((await failureOf(compute.disks.get({ project, zone: ZONE, disk: 'vm-boot' }))).status).toBe(404);
});

/** How often `look` had to be asked. */
async function untilDone(look: () => Promise<boolean>): Promise<number> {
  let asked = 1;
  while (!(await look())) asked += 1;
  return asked;
}

test('wait answers when the operation is done, however time comes to move', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const { data: started } = await compute.networks.insert({ project, requestBody: network });
  const waiting = compute.globalOperations.wait({ project, operation: started.name ?? '' });
  const advancing = emulator.control('POST', '/_emu/time/advance', { ms: 500 });
  const [{ data: ended }] = await Promise.all([waiting, advancing]);
  expect(ended.status).toBe('DONE');
});

test('with the real clock an operation takes 50 to 500 ms', async () => {
  const { compute } = await startForTest({ latency: 'short' });
  const { data: started } = await compute.networks.insert({ project, requestBody: network });
  const { data: ended } = await compute.globalOperations.wait({ project, operation: started.name ?? '' });
  const lastedMs = Date.parse(ended.endTime ?? '') - Date.parse(ended.insertTime ?? '');
  expect(ended.status).toBe('DONE');
  expect(lastedMs).toBeGreaterThanOrEqual(50);
  expect(lastedMs).toBeLessThanOrEqual(500);
});

test('with a scaled clock the real durations pass quickly', async () => {
  const { compute } = await startForTest({ latency: 'real', clock: { scale: 200 } });
  const { data: started } = await compute.networks.insert({ project, requestBody: network });
  const { data: ended } = await compute.globalOperations.wait({ project, operation: started.name ?? '' });
  expect(ended.status).toBe('DONE');
  expect(Date.parse(ended.endTime ?? '') - Date.parse(ended.insertTime ?? '')).toBeGreaterThanOrEqual(8_000);
});

test('a subnetwork in use refuses at once, a network in use fails in the operation', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const refused = await failureOf(compute.subnetworks.delete({ project, region: REGION, subnetwork: 'sub' }));
  expect(refused).toEqual({
    status: 400,
    reason: 'resourceInUseByAnotherResource',
    message:
      `The subnetwork resource 'projects/${project}/regions/${REGION}/subnetworks/sub' is already being used by ` +
      `'projects/${project}/zones/${ZONE}/instances/vm'`,
  });
  expect(await failureOf(compute.disks.delete({ project, zone: ZONE, disk: 'vm-boot' }))).toMatchObject({
    reason: 'resourceInUseByAnotherResource',
  });

  const { data: failed } = await compute.networks.delete({ project, network: 'net' });
  expect(failed).toMatchObject({
    status: 'DONE',
    httpErrorStatusCode: 400,
    error: { errors: [{ code: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE' }] },
  });
  expect((await compute.networks.get({ project, network: 'net' })).data.name).toBe('net');
});

test('overlapping ranges fail in the operation, and the subnetwork never shows', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator, '10.0.0.0/24');
  const requestBody = { name: 'other', network: 'global/networks/net', ipCidrRange: '10.0.0.128/25' };
  const { data: failed } = await compute.subnetworks.insert({ project, region: 'us-west1', requestBody });
  expect(failed.error?.errors?.[0]).toMatchObject({
    code: 'INVALID_USAGE',
    message: `Invalid IPCidrRange: 10.0.0.128/25 conflicts with existing subnetwork 'sub' in region '${REGION}'.`,
  });
  expect((await failureOf(compute.subnetworks.get({ project, region: 'us-west1', subnetwork: 'other' }))).status).toBe(
    404,
  );
});

test('operations can be listed newest first, page by page, and are forgotten after 14 days', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  for (const name of ['a', 'b', 'c']) {
    await compute.networks.insert({ project, requestBody: { name, autoCreateSubnetworks: false } });
  }
  const orderBy = 'creationTimestamp desc';
  const { data: first } = await compute.globalOperations.list({ project, orderBy, maxResults: 2 });
  const pageToken = first.nextPageToken ?? '';
  const { data: second } = await compute.globalOperations.list({ project, orderBy, maxResults: 2, pageToken });
  const targets = [...(first.items ?? []), ...(second.items ?? [])].map(({ targetLink }) => targetLink?.at(-1));
  expect(targets).toEqual(['c', 'b', 'a']);
  expect(second.nextPageToken).toBeUndefined();

  const operation = first.items?.[0]?.name ?? '';
  await compute.globalOperations.delete({ project, operation });
  expect((await failureOf(compute.globalOperations.get({ project, operation }))).status).toBe(404);
  const kept = second.items?.[0]?.name ?? '';
  expect((await compute.globalOperations.get({ project, operation: kept })).data.status).toBe('DONE');
  await emulator.control('POST', '/_emu/time/advance', { ms: 14 * 24 * 3_600_000 });
  expect((await failureOf(compute.globalOperations.get({ project, operation: kept }))).status).toBe(404);
});
