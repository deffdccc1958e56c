import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FirewallRule } from '../firewalls.ts';
import { closed, compileLevel, interfacePrecedence, type PeerRule } from './compile.ts';
import { numberOf, setOf } from './ip-set.ts';
import type { NamedPort } from './ports.ts';

const context = { namedPorts: [{ name: 'http', port: 8000 }], families: ['IPv4'] as const };

/** A rule of an interface, as a user writes it. */
interface PolicyRule extends Pick<PeerRule, 'ports'> {
  readonly from?: readonly { readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] } }[];
}

function compiled(rules: readonly PolicyRule[], more: Partial<Parameters<typeof compileLevel>[1]> = {}) {
  const resolved = rules.map(({ ports = [], from = [] }, index) => ({
    path: `ingress[${index}]`,
    ports,
    peers: from.length === 0 ? ('everyone' as const) : from.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : [])),
    hosts: [],
  }));
  return compileLevel({ direction: 'INGRESS', ...interfacePrecedence, rules: resolved }, { ...context, ...more });
}

test('the sample: a named port with an exception, and a range of ports', () => {
  expect(
    compiled([
      { ports: [{ port: 'http' }], from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] } }] },
      { ports: [{ port: 8001, endPort: 8002 }], from: [{ ipBlock: { cidr: '198.51.100.7/32' } }] },
    ]),
  ).toEqual({
    problems: [],
    firewalls: [
      {
        action: 'allow',
        priority: 65_534,
        direction: 'INGRESS',
        ranges: ['0.0.0.0/0'],
        matches: [{ protocol: 'tcp', ports: ['8000'] }],
      },
      {
        action: 'allow',
        priority: 65_534,
        direction: 'INGRESS',
        ranges: ['198.51.100.7/32'],
        matches: [{ protocol: 'tcp', ports: ['8001-8002'] }],
      },
      {
        action: 'deny',
        priority: 65_533,
        direction: 'INGRESS',
        ranges: ['203.0.113.0/24'],
        matches: [{ protocol: 'tcp', ports: ['8000'] }],
      },
    ],
  });
});

test('no ports are all of everything, no peers are everyone', () => {
  expect(compiled([{}]).firewalls).toEqual([
    { action: 'allow', priority: 65_534, direction: 'INGRESS', ranges: ['0.0.0.0/0'], matches: [{ protocol: 'all' }] },
  ]);
  expect(compiled([{ ports: [], from: [] }]).firewalls).toEqual(compiled([{}]).firewalls);
});

test('a protocol without a port is all its ports', () => {
  expect(compiled([{ ports: [{ protocol: 'UDP' }] }]).firewalls[0]?.matches).toEqual([{ protocol: 'udp' }]);
});

test('families never meet in one firewall', () => {
  const rule = {
    from: [{ ipBlock: { cidr: '10.0.0.0/8' } }, { ipBlock: { cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] } }],
  };
  const { firewalls } = compiled([rule], { families: ['IPv4', 'IPv6'] });
  expect(firewalls.map(({ action, ranges }) => [action, ...ranges])).toEqual([
    ['allow', '10.0.0.0/8'],
    ['allow', '2001:db8::/32'],
    ['deny', '2001:db8:1::/48'],
  ]);
});

test('a port that nobody names is reported and opens nothing, and the others go on', () => {
  const { firewalls, problems } = compiled([
    { ports: [{ port: 'web' }] },
    { ports: [{ port: 'http', protocol: 'UDP' }, { port: 22 }] },
  ]);
  expect(problems.map(({ path }) => path)).toEqual(['ingress[0].ports[0]', 'ingress[1].ports[0]']);
  expect(firewalls).toHaveLength(1);
  expect(firewalls[0]?.matches).toEqual([{ protocol: 'tcp', ports: ['22'] }]);
});

test('peers that are nobody open nothing', () => {
  expect(compiled([{ from: [{}] }]).firewalls).toEqual([]);
});

test('an exception of one rule does not take away what another rule allows', () => {
  const { firewalls } = compiled([
    { ports: [{ port: 80 }], from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] },
    { ports: [{ port: 80 }], from: [{ ipBlock: { cidr: '10.1.0.0/16' } }] },
  ]);
  expect(decide(firewalls, { protocol: 'tcp', port: 80, source: '10.1.2.3' })).toBe(true);
  expect(decide(firewalls, { protocol: 'tcp', port: 80, source: '10.2.2.3' })).toBe(false);
});

test('hosts are peers beside ranges, and are named', () => {
  const rules = [
    { path: 'a', ports: [], peers: [{ cidr: '192.0.2.0/24' }], hosts: ['10.0.0.4', '10.0.0.5', 'fd20::1'] },
  ] as const;
  const { firewalls } = compileLevel(
    { direction: 'EGRESS', allow: 11, deny: 10, rules },
    { namedPorts: [], families: ['IPv4', 'IPv6'] },
  );
  expect(firewalls).toEqual([
    {
      action: 'allow',
      direction: 'EGRESS',
      priority: 11,
      ranges: ['10.0.0.4/31', '192.0.2.0/24'],
      matches: [{ protocol: 'all' }],
      hosts: ['10.0.0.4', '10.0.0.5'],
    },
    {
      action: 'allow',
      direction: 'EGRESS',
      priority: 11,
      ranges: ['fd20::1/128'],
      matches: [{ protocol: 'all' }],
      hosts: ['fd20::1'],
    },
  ]);
});

test('what is closed is closed to everyone, last of all', () => {
  expect(closed('EGRESS', ['IPv4'])).toEqual([
    { action: 'deny', direction: 'EGRESS', priority: 65_534, ranges: ['0.0.0.0/0'], matches: [{ protocol: 'all' }] },
  ]);
});

interface Packet {
  readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp';
  readonly port: number;
  readonly source: string;
}

/** Google's decision: the least priority number wins, of equals a deny; nothing that matches is a deny. */
function decide(firewalls: readonly FirewallRule[], packet: Packet): boolean {
  const matching = firewalls.filter(
    (firewall) =>
      firewall.ranges.some((range) => isIn(packet.source, range)) &&
      firewall.matches.some(
        ({ protocol, ports }) =>
          protocol === 'all' ||
          (protocol === packet.protocol && (ports === undefined || ports.some((port) => portIn(packet.port, port)))),
      ),
  );
  const [first] = matching.toSorted((a, b) => a.priority - b.priority || (a.action === 'deny' ? -1 : 1));
  return first?.action === 'allow';
}

/** What the user wrote, taken literally. */
function wanted(rules: readonly PolicyRule[], named: readonly NamedPort[], packet: Packet): boolean {
  return rules.some((rule) => {
    const port =
      !rule.ports?.length ||
      rule.ports.some(({ protocol, port, endPort }) => {
        if ((protocol ?? 'TCP').toLowerCase() !== packet.protocol) return false;
        if (port === undefined || port === null) return true;
        const first = typeof port === 'number' ? port : (named.find(({ name }) => name === port)?.port ?? -1);
        return packet.port >= first && packet.port <= (endPort ?? first);
      });
    const peer =
      !rule.from?.length ||
      rule.from.some(
        ({ ipBlock }) =>
          ipBlock && isIn(packet.source, ipBlock.cidr) && !ipBlock.except?.some((hole) => isIn(packet.source, hole)),
      );
    return port && peer;
  });
}

function isIn(address: string, cidr: string): boolean {
  const [range] = setOf(cidr);
  const number = numberOf(address);
  return range !== undefined && number >= range.first && number <= range.last;
}

function portIn(port: number, range: string): boolean {
  const [first = '', last = first] = range.split('-');
  return port >= Number(first) && port <= Number(last);
}

// A small world, so that rules overlap often.
const octet = fc.constantFrom(0, 1, 64, 128, 255);
const address = fc.tuple(fc.constantFrom(10, 203), octet, octet, octet).map((parts) => parts.join('.'));
const cidr = fc.tuple(address, fc.constantFrom(0, 8, 9, 16, 17, 24, 30, 32)).map(([ip, prefix]) => `${ip}/${prefix}`);
const portNumber = fc.constantFrom(1, 22, 80, 443, 8000, 65_535);
const policyPort = fc.record(
  {
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
    port: portNumber,
    endPort: portNumber,
  },
  { requiredKeys: [] },
);
const rule = fc.record(
  {
    ports: fc.array(
      policyPort.map((one) => valid(one)),
      { maxLength: 2 },
    ),
    from: fc.array(
      fc.record({ ipBlock: fc.record({ cidr, except: fc.array(cidr, { maxLength: 2 }) }, { requiredKeys: ['cidr'] }) }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

/** An end without a beginning, or before it, is refused at admission. */
function valid({ port, endPort, ...rest }: { protocol?: string; port?: number; endPort?: number }) {
  return {
    ...rest,
    ...(port === undefined ? {} : { port, ...(endPort !== undefined && endPort >= port ? { endPort } : {}) }),
  };
}

test('every packet is decided as the rules say', () => {
  const packet = fc.record({
    protocol: fc.constantFrom('tcp', 'udp', 'sctp', 'icmp'),
    port: portNumber,
    source: address,
  }) as fc.Arbitrary<Packet>;
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 4 }),
      fc.array(packet, { minLength: 20, maxLength: 40 }),
      (rules, packets) => {
        const { firewalls } = compiled(rules);
        for (const one of packets)
          expect([one, decide(firewalls, one)]).toEqual([one, wanted(rules, context.namedPorts, one)]);
      },
    ),
    { numRuns: 300 },
  );
});
