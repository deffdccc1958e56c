import { expect, test } from 'vitest';
import type { KindId } from '../../kinds/generated/types.ts';
import { createIpam } from '../../store/ipam/create-ipam.ts';
import { bind, grant, namespaces } from '../../test/support/access-objects.ts';
import { accessWorld, type AccessWorld, type Person } from '../../test/support/access-world.ts';
import { kindSamples } from '../../test/support/kind-samples.ts';
import { asAdmin } from '../../test/support/store.ts';

const project = 'default';
const query = `query ($address: String!) { whoHas(address: $address) {
  range subnetRange interface state network { metadata { namespace name } } subnet { metadata { name } }
  instance { metadata { name } } } }`;

/** An object of a kind with the name of its namespace; its uid. */
async function make({ store }: AccessWorld, kind: KindId, namespace: string): Promise<string> {
  const object = { ...kindSamples[kind], metadata: { namespace, name: namespace } };
  return (await store.create(asAdmin, kind, object as never)).object.metadata.uid;
}

/** In each namespace a network with a subnet in which an instance has an address; the addresses by namespace. */
async function addressesIn(world: AccessWorld, ...places: string[]): Promise<string[]> {
  const ipam = createIpam(world.open.pool);
  const given: string[] = [];
  for (const namespace of places) {
    const network = await make(world, 'Network', namespace);
    await ipam.ensureSpace({ project, uid: network, family: 'IPv4' });
    const subnet = await make(world, 'Subnet', namespace);
    await ipam.allocateBlock({ project, network, family: 'IPv4', owner: subnet, prefixLength: 20 });
    const owner = await make(world, 'Instance', namespace);
    const answer = await ipam.allocateAddress({ project, subnet, owner, interfaceIndex: 1 });
    given.push(answer.ok ? answer.address : answer.reason);
  }
  return given;
}

async function ask(person: Person, address: string): Promise<unknown> {
  const { data, errors } = await person.graphql(query, { address });
  expect(errors).toBeUndefined();
  return data.whoHas;
}

test('an address is found in every network that has it, in whatever state it is there', async () => {
  const world = await accessWorld();
  await namespaces(world, 'a', 'b');
  expect(await addressesIn(world, 'a', 'b')).toEqual(['10.128.0.2', '10.128.0.2']);
  const at = (name: string, more: object) => ({
    range: '10.128.0.0/9',
    network: { metadata: { namespace: name, name } },
    subnetRange: '10.128.0.0/20',
    subnet: { metadata: { name } },
    instance: null,
    interface: null,
    ...more,
  });
  const had = (name: string) => at(name, { state: 'ALLOCATED', instance: { metadata: { name } }, interface: 1 });
  expect(await ask(world.admin, ' 10.128.0.2')).toEqual([had('a'), had('b')]);
  expect(await ask(world.admin, '10.128.0.3')).toEqual([at('a', { state: 'FREE' }), at('b', { state: 'FREE' })]);
  for (const address of ['10.128.0.0', '10.128.0.1', '10.128.15.254', '10.128.15.255'])
    expect(await ask(world.admin, address)).toMatchObject([{ state: 'RESERVED' }, { state: 'RESERVED' }]);
  expect(await ask(world.admin, '10.128.16.0')).toMatchObject([
    { state: 'UNASSIGNED', subnet: null, subnetRange: null },
    { state: 'UNASSIGNED' },
  ]);
  for (const address of ['10.0.0.1', 'fd20::1']) expect(await ask(world.admin, address)).toEqual([]);
  for (const address of ['', '10.128.0.2/32', 'fe80::1%eth0', '10.128.0', '’']) {
    const { errors } = await world.admin.graphql(query, { address });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'address' });
  }
});

test('who may not see an object learns neither its name nor that it has the address', async () => {
  const world = await accessWorld();
  await namespaces(world, 'a', 'b');
  await addressesIn(world, 'a', 'b');
  const networks = { apiGroups: ['networking.datumapis.com'], resources: ['networks'], verbs: ['get'] };
  const subnets = { ...networks, resources: ['networks', 'subnets'] };
  await bind(world, 'viewer', 'view', 'b');
  await grant(world, 'planner', [networks], 'a');
  await grant(world, 'router', [subnets], 'a');
  const of = (user: string): Promise<unknown> => ask(world.person(user), '10.128.0.2');
  expect(await of('nobody')).toEqual([]);
  expect(await of('viewer')).toMatchObject([
    { network: { metadata: { name: 'b' } }, instance: { metadata: { name: 'b' } } },
  ]);
  const a = {
    range: '10.128.0.0/9',
    network: { metadata: { namespace: 'a', name: 'a' } },
    instance: null,
    interface: null,
  };
  expect(await of('planner')).toEqual([{ ...a, subnet: null, subnetRange: null, state: null }]);
  const subnet = { subnet: { metadata: { name: 'a' } }, subnetRange: '10.128.0.0/20' };
  expect(await of('router')).toEqual([{ ...a, ...subnet, state: 'ALLOCATED' }]);
  expect(await world.open.inventory.addressHolders('other', '10.128.0.2', 10)).toEqual([]);
});
