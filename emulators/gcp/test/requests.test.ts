import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;

test('the same request id gives the same operation, another body is refused, and after an hour it is new', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  const requestId = randomUUID();
  const call = { project, requestId, requestBody: { name: 'net', autoCreateSubnetworks: false } };
  const { data: first } = await compute.networks.insert(call);
  const { data: again } = await compute.networks.insert(call);
  expect(again).toEqual(first);
  expect(first.clientOperationId).toBe(requestId);

  const other = { ...call, requestBody: { name: 'other', autoCreateSubnetworks: false } };
  expect(await failureOf(compute.networks.insert(other))).toMatchObject({ status: 400, reason: 'invalid' });
  await emulator.control('POST', '/_emu/time/advance', { ms: 60 * 60_000 });
  expect(await failureOf(compute.networks.insert(call))).toMatchObject({ status: 409, reason: 'alreadyExists' });
});

test('a request id that is no UUID, or the zero one, is refused; one of a failed request is free', async () => {
  const { compute } = await startForTest();
  const requestBody = { name: 'net', autoCreateSubnetworks: false };
  for (const requestId of ['7', '00000000-0000-0000-0000-000000000000']) {
    expect(await failureOf(compute.networks.insert({ project, requestId, requestBody }))).toMatchObject({
      status: 400,
    });
  }
  const requestId = randomUUID();
  const wrong = { project, requestId, requestBody: { name: 'Net', autoCreateSubnetworks: false } };
  expect((await failureOf(compute.networks.insert(wrong))).status).toBe(400);
  await compute.networks.insert({ project, requestId, requestBody });
});

test('stale fingerprints are a 412 and missing ones a 400', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const vm = { project, zone: ZONE, instance: 'vm' };
  const { data: before } = await compute.instances.get(vm);

  const items = [{ key: 'user-data', value: '#cloud-config' }];
  const fingerprint = before.metadata?.fingerprint ?? '';
  await compute.instances.setMetadata({ ...vm, requestBody: { fingerprint, items } });
  const { data: after } = await compute.instances.get(vm);
  expect(after.metadata?.items).toEqual(items);
  expect(after.fingerprint).not.toBe(before.fingerprint);
  expect(await failureOf(compute.instances.setMetadata({ ...vm, requestBody: { fingerprint, items } }))).toMatchObject({
    status: 412,
    reason: 'conditionNotMet',
    message: 'Supplied fingerprint does not match current metadata fingerprint.',
  });
  expect(await failureOf(compute.instances.setMetadata({ ...vm, requestBody: { items } }))).toMatchObject({
    status: 400,
  });

  await compute.instances.setTags({
    ...vm,
    requestBody: { fingerprint: after.tags?.fingerprint ?? '', items: ['web'] },
  });
  expect(
    await failureOf(compute.instances.setTags({ ...vm, requestBody: { fingerprint: '42WmSpB8rSM=', items: [] } })),
  ).toMatchObject({
    status: 412,
  });
  const labelFingerprint = after.labelFingerprint ?? '';
  await compute.instances.setLabels({ ...vm, requestBody: { labelFingerprint, labels: { team: 'edge' } } });
  const { data: labelled } = await compute.instances.get(vm);
  expect(labelled).toMatchObject({ labels: { team: 'edge' }, tags: { items: ['web'] } });

  const subnet = { project, region: REGION, subnetwork: 'sub' };
  expect(
    await failureOf(compute.subnetworks.patch({ ...subnet, requestBody: { privateIpGoogleAccess: true } })),
  ).toMatchObject({
    status: 400,
    reason: 'required',
  });
  const { data: read } = await compute.subnetworks.get(subnet);
  const patch = { fingerprint: read.fingerprint ?? '', privateIpGoogleAccess: true };
  await compute.subnetworks.patch({ ...subnet, requestBody: patch });
  expect((await failureOf(compute.subnetworks.patch({ ...subnet, requestBody: patch }))).status).toBe(412);
});

test('two changes with one fingerprint: the second fails in its operation', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const advance = () => emulator.control('POST', '/_emu/time/advance', { ms: 1_000 });
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  await advance();
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  await advance();
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  await advance();
  const vm = { project, zone: ZONE, instance: 'vm' };
  const fingerprint = (await compute.instances.get(vm)).data.metadata?.fingerprint ?? '';
  const change = (value: string) =>
    compute.instances.setMetadata({ ...vm, requestBody: { fingerprint, items: [{ key: 'k', value }] } });
  const [one, two] = [(await change('1')).data.name ?? '', (await change('2')).data.name ?? ''];
  expect((await compute.instances.get(vm)).data.metadata?.items).toBeUndefined();
  await advance();
  const errors = await Promise.all(
    [one, two].map(
      async (operation) => (await compute.zoneOperations.get({ project, zone: ZONE, operation })).data.error,
    ),
  );
  const failed = errors.filter((error) => error !== undefined);
  expect(failed).toEqual([{ errors: [expect.objectContaining({ code: 'CONDITION_NOT_MET' })] }]);
});

test('expanding a range keeps the addresses and refuses what does not contain the old range', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator, '10.0.1.0/29');
  const subnet = { project, region: REGION, subnetwork: 'sub' };
  const expand = (ipCidrRange: string) =>
    compute.subnetworks.expandIpCidrRange({ ...subnet, requestBody: { ipCidrRange } });
  for (let index = 0; index < 5; index += 1) {
    const { data: operation } = await compute.instances.insert({
      project,
      zone: ZONE,
      requestBody: instanceBody(`vm-${index}`),
    });
    expect(operation.error?.errors?.[0]?.code).toBe(index < 4 ? undefined : 'IP_SPACE_EXHAUSTED_WITH_DETAILS');
  }
  expect((await failureOf(expand('10.0.2.0/28'))).status).toBe(400);
  await expand('10.0.0.0/23');
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm-5') });
  const { data: vm } = await compute.instances.get({ project, zone: ZONE, instance: 'vm-5' });
  expect(vm.networkInterfaces?.[0]?.networkIP).toBe('10.0.0.2');
});
