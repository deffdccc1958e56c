import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../kinds/generated/types.ts';
import { effectivePolicy, type EffectiveRule } from '../../../kinds/networking/effective-policy.ts';
import { selectsLabels } from '../../../kinds/label-selector.ts';
import { fixture } from '../../../test/support/fixture.ts';
import { numberOf, setOf } from '../../clouds/gcp/firewall-policy/ip-set.ts';
import type { FirewallRule } from '../../clouds/gcp/firewalls.ts';
import { groupOf, groupsOf } from './groups.ts';
import type { Member } from './members.ts';

const networkUid = '0b6ff1a4-6a0f-4c5b-9a38-0a9d8a9e8f10';

function policy(name: string, spec: object): NetworkPolicy {
  return fixture('NetworkPolicy', name, {
    metadata: { uid: `uid-${name}` },
    spec: { network: { name: 'net' }, ...spec },
  });
}

function member(name: string, labels: Record<string, string>, address: string, httpPort = 8000): Member {
  const instance = fixture('Instance', name, {
    metadata: { uid: `uid-${name}`, labels },
    spec: {
      runtime: { sandbox: { containers: [{ name: 'a', image: 'x', ports: [{ name: 'http', port: httpPort }] }] } },
      networkInterfaces: [{ network: { name: 'net' } }],
    },
  });
  return { instance, addresses: [address] };
}

function groups(policies: readonly NetworkPolicy[], members: readonly Member[]) {
  return groupsOf({ networkUid, families: ['IPv4'], policies, members });
}

test('instances that the same policies select share a tag, others do not', () => {
  const web = policy('web', { instanceSelector: { matchLabels: { app: 'web' } }, ingress: [{}] });
  const all = policy('all', { policyTypes: ['Ingress'] });
  const members = [
    member('a', { app: 'web' }, '10.0.0.1'),
    member('b', { app: 'web' }, '10.0.0.2'),
    member('c', {}, '10.0.0.3'),
  ];
  const found = groups([web, all], members);
  expect(found.map(({ members: own }) => own.map(({ instance }) => instance.metadata.name))).toEqual([
    ['a', 'b'],
    ['c'],
  ]);
  expect(new Set(found.map(({ tag }) => tag)).size).toBe(2);
  expect(groups([], members)).toEqual([]);
});

test('instances whose named ports differ are groups of their own, as far as a rule uses the name', () => {
  const members = [member('a', {}, '10.0.0.1', 80), member('b', {}, '10.0.0.2', 81)];
  expect(groups([policy('p', { ingress: [{ ports: [{ port: 'http' }] }] })], members)).toHaveLength(2);
  expect(groups([policy('p', { ingress: [{ ports: [{ port: 80 }] }] })], members)).toHaveLength(1);
});

test('a port that no instance names is a problem of its policy, and the other rules go on', () => {
  const named = policy('p', { ingress: [{ ports: [{ port: 'web' }] }, { ports: [{ port: 22 }] }] });
  const [group] = groups([named], [member('a', {}, '10.0.0.1')]);
  expect(group?.problems).toEqual([
    { policyUid: 'uid-p', message: 'spec.ingress[0].ports[0]: no TCP port of the template is named "web"' },
  ]);
  expect(group?.firewalls).toHaveLength(1);
});

test('an egress policy closes what it does not open', () => {
  const [group] = groups([policy('p', { policyTypes: ['Egress'] })], [member('a', {}, '10.0.0.1')]);
  expect(group?.firewalls).toEqual([
    { action: 'deny', direction: 'EGRESS', priority: 65_534, ranges: ['0.0.0.0/0'], matches: [{ protocol: 'all' }] },
  ]);
});

interface Packet {
  readonly direction: 'Ingress' | 'Egress';
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly peer: string;
}

/** Google's decision for a machine that carries one tag. */
function decide(firewalls: readonly FirewallRule[], { direction, protocol, port, peer }: Packet): boolean {
  const [first] = firewalls
    .filter(
      (firewall) =>
        firewall.direction === direction.toUpperCase() &&
        firewall.ranges.some((range) => isIn(peer, range)) &&
        firewall.matches.some(
          (match) =>
            match.protocol === 'all' ||
            (match.protocol === protocol &&
              (match.ports === undefined ||
                match.ports.some((range) => {
                  const [start = '', end = start] = range.split('-');
                  return port >= Number(start) && port <= Number(end);
                }))),
        ),
    )
    .toSorted((a, b) => a.priority - b.priority || (a.action === 'deny' ? -1 : 1));
  return first === undefined ? direction === 'Egress' : first.action === 'allow';
}

/** What the rules say, read one after the other. */
function wanted(rules: readonly EffectiveRule[], members: readonly Member[], packet: Packet): boolean {
  for (const order of [...new Set(rules.map((rule) => rule.order))].toSorted((a, b) => a - b)) {
    const here = rules.filter(
      (rule) => rule.order === order && rule.direction === packet.direction && isPort(rule, packet),
    );
    const allowing = here.filter(({ action, peers }) => action === 'Allow' && isPeer(peers, members, packet.peer));
    if (allowing.length > 0) return true;
    const isInHole = here.some(({ peers }) =>
      peers.some(({ ipBlock }) => ipBlock?.except?.some((hole) => isIn(packet.peer, hole))),
    );
    if (isInHole || here.some(({ action }) => action === 'Deny')) return false;
  }
  throw new Error('the implied rules decide in the end');
}

function isPort({ ports }: EffectiveRule, { protocol, port }: Packet): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol: own = 'TCP', port: first, endPort }) => {
    if (own.toLowerCase() !== protocol) return false;
    if (first === undefined) return true;
    const number = first === 'http' ? 8000 : Number(first);
    return port >= number && port <= (endPort ?? number);
  });
}

function isPeer(peers: EffectiveRule['peers'], members: readonly Member[], peer: string): boolean {
  if (peers.length === 0) return true;
  return peers.some(({ ipBlock, instanceSelector }) => {
    if (ipBlock) return isIn(peer, ipBlock.cidr) && !ipBlock.except?.some((hole) => isIn(peer, hole));
    return members.some(
      ({ instance, addresses }) =>
        instanceSelector && selectsLabels(instanceSelector, instance.metadata.labels) && addresses.includes(peer),
    );
  });
}

function isIn(address: string, cidr: string): boolean {
  const [range] = setOf(cidr);
  const number = numberOf(address);
  return range !== undefined && number >= range.first && number <= range.last;
}

const label = fc.constantFrom('x', 'y');
const selector = fc.option(fc.record({ matchLabels: fc.record({ app: label, tier: label }, { requiredKeys: [] }) }), {
  nil: {},
});
const address = fc
  .tuple(
    fc.constantFrom(10, 203),
    fc.constantFrom(0, 1, 128),
    fc.constantFrom(0, 255),
    fc.constantFrom(1, 2, 3, 4, 200),
  )
  .map((parts) => parts.join('.'));
const block = fc
  .tuple(address, fc.constantFrom(0, 8, 9, 16), fc.array(fc.constantFrom(17, 24, 30, 32), { maxLength: 2 }))
  .map(([ip, prefix, holes]) => ({ cidr: `${ip}/${prefix}`, except: holes.map((length) => `${ip}/${length}`) }));
const peer = fc.oneof(
  block.map((ipBlock) => ({ ipBlock })),
  selector.map((instanceSelector) => ({ instanceSelector })),
);
const portNumber = fc.constantFrom(22, 80, 443, 8000);
const port = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP') }),
  fc.record({ port: fc.oneof(portNumber, fc.constant('http')) }),
  portNumber.map((first) => ({ port: first, endPort: first + 100 })),
);
const ports = fc.array(port, { maxLength: 2 });
const peers = fc.array(peer, { maxLength: 2 });
const spec = fc.record(
  {
    priority: fc.constantFrom(0, 1, 1000),
    instanceSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(fc.record({ ports, from: peers }), { maxLength: 2 }),
    egress: fc.array(fc.record({ ports, to: peers }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const packet = fc.record({
  direction: fc.constantFrom('Ingress', 'Egress'),
  protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
  port: fc.oneof(portNumber, fc.constant(100)),
  peer: address,
}) as fc.Arbitrary<Packet>;

test('every packet of every instance is decided as its policies say', () => {
  fc.assert(
    fc.property(
      fc.array(spec, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.record({ address, app: label, tier: label }), {
        selector: (each) => each.address,
        maxLength: 4,
      }),
      fc.array(packet, { minLength: 20, maxLength: 40 }),
      (specs, hosts, packets) => {
        const policies = specs.map((each, index) => policy(`p${index}`, each));
        const members = hosts.map(({ address: own, ...labels }, index) => member(`i${index}`, labels, own));
        const found = groups(policies, members);
        for (const { instance } of members) {
          const rules = effectivePolicy(instance, 0, policies);
          const firewalls = groupOf(found, instance.metadata.uid)?.firewalls ?? [];
          for (const one of packets) expect([one, decide(firewalls, one)]).toEqual([one, wanted(rules, members, one)]);
        }
      },
    ),
    { numRuns: 300 },
  );
});
