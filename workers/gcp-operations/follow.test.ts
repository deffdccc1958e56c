import { expect, test } from 'vitest';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { emulatedCloud } from '../../test/support/gcp-emulator.ts';
import { follow } from './follow.ts';

test('objects of several types that arrive in one region are each read as what they are, whatever their names', async () => {
  const { client } = await emulatedCloud();
  const { compute } = client;
  const at = { project: 'acme-edge', region: 'us-south1' };
  const network = 'projects/acme-edge/global/networks/n';
  await compute.networks.insert({ project: at.project, requestBody: { name: 'n', autoCreateSubnetworks: false } });
  await compute.subnetworks.insert({ ...at, requestBody: { name: 'same', network, ipCidrRange: '10.0.0.0/24' } });
  await compute.addresses.insert({ ...at, requestBody: { name: 'same' } });
  const row = (type: string, requestId: string): CloudResource => ({
    project: 'p',
    cloud: 'gcp',
    account: at.project,
    scope: 'regions/us-south1',
    type,
    name: 'same',
    ownerKind: 'Subnet',
    ownerUid: 'u',
    ownerKey: { namespace: 'default', name: 'o' },
    controller: 'c',
    verb: 'insert',
    state: 'running',
    requestId,
    plannedAt: new Date(),
    attempts: 0,
    facts: {},
  });
  const reports = await follow({ gcp: client }, [row('compute.subnetworks', 'a'), row('compute.addresses', 'b')]);
  const [{ data: subnetwork }, { data: address }] = await Promise.all([
    compute.subnetworks.get({ ...at, subnetwork: 'same' }),
    compute.addresses.get({ ...at, address: 'same' }),
  ]);
  expect(reports).toMatchObject([
    { requestId: 'a', outcome: { state: 'ready', targetId: subnetwork.id } },
    { requestId: 'b', outcome: { state: 'ready', targetId: address.id, facts: { address: address.address } } },
  ]);
});
