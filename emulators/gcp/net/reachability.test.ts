import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv6, parseIpv6 } from './ipv6.ts';
import type { Endpoint, FirewallRule, Packet } from './reachability.ts';
import { judge } from './reachability.ts';

/** The same in other words, for addresses and tags of a small world: sort the rules that fit, and take the first. */
function model(rules: readonly FirewallRule[], direction: 'INGRESS' | 'EGRESS', packet: Packet): boolean {
  const covers = (range: string, address: string) => {
    const [base = '', bits = '32'] = range.split('/');
    const number = (text: string) => text.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
    const size = 2 ** (32 - Number(bits));
    return Math.floor(number(base) / size) === Math.floor(number(address) / size);
  };
  const any = (left: readonly string[], right: readonly string[]) =>
    new Set([...left, ...right]).size < left.length + right.length;
  const target = direction === 'INGRESS' ? packet.destination : packet.source;
  const fitting = rules.filter((rule) => {
    const forAll = rule.targetTags.length + rule.targetServiceAccounts.length === 0;
    const isTarget =
      forAll || any(rule.targetTags, target.tags) || any(rule.targetServiceAccounts, target.serviceAccounts);
    const peer = direction === 'INGRESS' ? packet.source : packet.destination;
    const isPeer =
      rule.ranges.some((range) => covers(range, peer.address)) ||
      (direction === 'INGRESS' &&
        (any(rule.sourceTags, peer.tags) || any(rule.sourceServiceAccounts, peer.serviceAccounts)));
    const isProtocol = rule.protocols.some(
      ({ protocol, ports }) =>
        protocol === 'all' ||
        (protocol === packet.protocol &&
          (ports.length === 0 ||
            ports.some((range) => {
              const [low = '', high = low] = range.split('-');
              return Number(low) <= (packet.port ?? -1) && (packet.port ?? -1) <= Number(high);
            }))),
    );
    return rule.direction === direction && isTarget && isPeer && isProtocol;
  });
  const order = (rule: FirewallRule) => rule.priority * 2 + (rule.action === 'deny' ? 0 : 1);
  const [first] = fitting.toSorted((left, right) => order(left) - order(right));
  return first === undefined ? direction === 'EGRESS' : first.action === 'allow';
}

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
const accounts = fc.uniqueArray(fc.constantFrom('x@p', 'y@p'), { maxLength: 1 });
const address = fc.tuple(fc.constantFrom(10, 11), fc.nat(3), fc.nat(3)).map(([a, b, c]) => `${a}.0.${b}.${c}`);
const range = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.0.1.0/24', '11.0.0.0/31', '10.0.2.2/32');
const endpoint: fc.Arbitrary<Endpoint> = fc.record({ address, tags, serviceAccounts: accounts });
const protocol = fc.constantFrom('tcp', 'udp', 'icmp');
const rule: fc.Arbitrary<FirewallRule> = fc.record({
  name: fc.constantFrom('r1', 'r2', 'r3'),
  direction: fc.constantFrom('INGRESS', 'EGRESS' as const),
  priority: fc.nat(2),
  action: fc.constantFrom('allow', 'deny' as const),
  protocols: fc.array(
    fc.record({
      protocol: fc.oneof(protocol, fc.constant('all')),
      ports: fc.array(fc.constantFrom('80', '443', '1000-2000'), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  ranges: fc.array(range, { maxLength: 2 }),
  destinations: fc.constant([]),
  sourceTags: tags,
  sourceServiceAccounts: accounts,
  targetTags: tags,
  targetServiceAccounts: accounts,
});

test('random rules decide on random packets as a small model does', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 6 }),
      fc.constantFrom('INGRESS', 'EGRESS' as const),
      endpoint,
      endpoint,
      protocol,
      fc.constantFrom(80, 443, 1500, 22),
      (rules, direction, source, destination, of, port) => {
        const packet: Packet = { source, destination, protocol: of, port: of === 'icmp' ? undefined : port };
        expect(judge(rules, direction, packet).allowed).toBe(model(rules, direction, packet));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('numbers and names of protocols are the same, and IPv6 has ranges of its own', () => {
  const source: Endpoint = { address: 'fd20:1::5', tags: [], serviceAccounts: [] };
  const base: FirewallRule = {
    name: 'r',
    direction: 'INGRESS',
    priority: 1,
    action: 'allow',
    protocols: [{ protocol: '6', ports: ['80'] }],
    ranges: ['fd20:1::/32'],
    destinations: [],
    sourceTags: [],
    sourceServiceAccounts: [],
    targetTags: [],
    targetServiceAccounts: [],
  };
  const packet: Packet = { source, destination: source, protocol: 'tcp', port: 80 };
  expect(judge([base], 'INGRESS', packet)).toEqual({ allowed: true, rule: 'r' });
  expect(judge([{ ...base, ranges: ['0.0.0.0/0'] }], 'INGRESS', packet)).toEqual({ allowed: false });
  expect(judge([{ ...base, destinations: ['fd21::/32'] }], 'INGRESS', packet)).toEqual({ allowed: false });
});

test('IPv6 addresses are written in one way and read in all', () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (parts) => {
      const full = parts.map((part) => part.toString(16)).join(':');
      const value = parseIpv6(full) ?? -1n;
      const short = formatIpv6(value);
      expect(parseIpv6(short)).toBe(value);
      // The URL parser writes addresses as RFC 5952 wants them.
      expect(`[${short}]`).toBe(new URL(`http://[${full}]/`).hostname);
    }),
  );
});
