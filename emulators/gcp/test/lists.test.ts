import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;

async function withNetworks(names: readonly string[]) {
  const emulator = await startForTest({ clock: 'manual' });
  for (const name of names) {
    const requestBody = { name, autoCreateSubnetworks: false, mtu: 1400 + name.length, description: `the ${name} one` };
    await emulator.compute.networks.insert({ project, requestBody });
    await emulator.control('POST', '/_emu/time/advance', { ms: 1_000 });
  }
  return emulator;
}

test('pages stay right while things come and go', async () => {
  const { compute } = await withNetworks(['a', 'b', 'c', 'd', 'e']);
  const { data: first } = await compute.networks.list({ project, maxResults: 2 });
  expect(first.items?.map(({ name }) => name)).toEqual(['a', 'b']);
  await compute.networks.delete({ project, network: 'a' });
  await compute.networks.delete({ project, network: 'b' });
  const { data: second } = await compute.networks.list({
    project,
    maxResults: 2,
    pageToken: first.nextPageToken ?? '',
  });
  expect(second.items?.map(({ name }) => name)).toEqual(['c', 'd']);
  const { data: third } = await compute.networks.list({
    project,
    maxResults: 2,
    pageToken: second.nextPageToken ?? '',
  });
  expect(third.items?.map(({ name }) => name)).toEqual(['e']);
  expect(third.nextPageToken).toBeUndefined();
});

test('newest first', async () => {
  const { compute } = await withNetworks(['b', 'c', 'a']);
  const orderBy = 'creationTimestamp desc';
  const { data: first } = await compute.networks.list({ project, orderBy, maxResults: 2 });
  const { data: second } = await compute.networks.list({ project, orderBy, pageToken: first.nextPageToken ?? '' });
  expect([...(first.items ?? []), ...(second.items ?? [])].map(({ name }) => name)).toEqual(['a', 'c', 'b']);
});

test('filters of both dialects', async () => {
  const { compute } = await withNetworks(['blue', 'green', 'red']);
  const cases: readonly (readonly [filter: string, names: readonly string[]])[] = [
    ['name=red', ['red']],
    ['name = "red"', ['red']],
    ['name!=red', ['blue', 'green']],
    ['name eq "(red|blue)"', ['blue', 'red']],
    ['name eq r(ed|ose)', ['red']],
    ['name:*', ['blue', 'green', 'red']],
    ['labels.team:*', []],
    ['name:gr*', ['green']],
    ['(name=red) OR (name=blue)', ['blue', 'red']],
    ['name=red AND autoCreateSubnetworks=false', ['red']],
    ['NOT name=red', ['blue', 'green']],
    ['-name=red', ['blue', 'green']],
    ['mtu > 1403', ['blue', 'green']],
    ['mtu >= 1404 mtu < 1405', ['blue']],
    ['routingConfig.routingMode=REGIONAL', ['blue', 'green', 'red']],
    ['name eq re.*', ['red']],
    ['name eq .*e.*', ['blue', 'green', 'red']],
    ['name ne .*e', ['green', 'red']],
    ['(name eq red|blue) (mtu eq 1404)', ['blue']],
    ['description eq "the red one"', ['red']],
  ];
  for (const [filter, names] of cases) {
    const { data } = await compute.networks.list({ project, filter });
    expect({ filter, names: data.items?.map(({ name }) => name) ?? [] }).toEqual({ filter, names });
  }
});

test('the aggregated list has every scope, with a warning where there is nothing, and pages over scopes', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.1.0.0/24' };
  await compute.subnetworks.insert({ project, region: 'us-west1', requestBody });
  const { data } = await compute.subnetworks.aggregatedList({ project });
  expect(Object.keys(data.items ?? {}).length).toBeGreaterThan(40);
  expect(data.items?.[`regions/${REGION}`]?.subnetworks?.map(({ name }) => name)).toEqual(['sub']);
  expect(data.items?.['regions/us-east1']).toEqual({
    warning: {
      code: 'NO_RESULTS_ON_PAGE',
      message: "No results for the scope 'regions/us-east1'.",
      data: [{ key: 'scope', value: 'regions/us-east1' }],
    },
  });
  for (const name of ['a', 'b']) {
    await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody(name) });
  }
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const { data: page } = await compute.instances.aggregatedList({
      project,
      maxResults: 1,
      ...(pageToken ? { pageToken } : {}),
    });
    for (const scope of Object.values(page.items ?? {}))
      names.push(...(scope.instances ?? []).map(({ name }) => name ?? ''));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  expect(names).toEqual(['a', 'b']);
});

test('`fields` selects a part of the answer', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const fields = 'name,status,labels,networkInterfaces(networkIP,accessConfigs/type),disks/boot';
  const { data } = await compute.instances.get({ project, zone: ZONE, instance: 'vm', fields });
  expect(data).toEqual({
    name: 'vm',
    status: 'RUNNING',
    networkInterfaces: [{ networkIP: '10.0.0.2', accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] }],
    disks: [{ boot: true }],
  });
  const { data: page } = await compute.instances.list({ project, zone: ZONE, fields: 'nextPageToken,items(name)' });
  expect(page).toEqual({ items: [{ name: 'vm' }] });
  await expect(compute.instances.list({ project, zone: ZONE, fields: 'items(' })).rejects.toMatchObject({
    status: 400,
  });
});
