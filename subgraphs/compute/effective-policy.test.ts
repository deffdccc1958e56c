import { beforeAll, expect, test } from 'vitest';
import { createWorld, type KindWorld } from '../../test/support/kind-world.ts';

let world: KindWorld;
beforeAll(async () => {
  world = await createWorld('joined');
  return () => world.close();
});

const read = `{ instance(namespace: "default", name: "sample") { effectivePolicy {
  direction action order ports { protocol port endPort } peers { ipBlock { cidr except } } origin { kind namespace name path } } } }`;

test('an instance shows every rule for its traffic in order, and where it comes from', async () => {
  const spec = {
    network: { name: 'sample' },
    priority: 7,
    ingress: [{ ports: [{ port: 443 }], from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
    policyTypes: ['Ingress', 'Egress'],
  };
  const create = `mutation ($spec: NetworkPolicySpecInput!) {
    createNetworkPolicy(input: { metadata: { namespace: "default", name: "web" }, spec: $spec }) { userErrors { message } } }`;
  expect((await world.ask(create, { spec })).createNetworkPolicy.userErrors).toEqual([]);
  expect((await world.ask(read)).instance.effectivePolicy).toEqual([
    {
      direction: 'Ingress',
      action: 'Allow',
      order: 7,
      ports: [{ protocol: null, port: 443, endPort: null }],
      peers: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
      origin: { kind: 'NetworkPolicy', namespace: 'default', name: 'web', path: 'spec.ingress[0]' },
    },
    { direction: 'Ingress', action: 'Deny', order: 1002, ports: [], peers: [], origin: null },
    { direction: 'Egress', action: 'Deny', order: 1002, ports: [], peers: [], origin: null },
  ]);
});

test('an interface that is not there is refused', async () => {
  const wrong = '{ instance(namespace: "default", name: "sample") { effectivePolicy(interface: 9) { order } } }';
  await expect(world.ask(wrong)).rejects.toThrow('the instance has no interface 9');
});
