import { parseIpv4, parseIpv4Range } from './cidr.ts';
import { containsIpv6, parseIpv6, parseIpv6Range } from './ipv6.ts';

/** A firewall rule of a VPC network, as far as it decides on packets. */
export interface FirewallRule {
  readonly name: string;
  readonly direction: 'INGRESS' | 'EGRESS';
  readonly priority: number;
  readonly action: 'allow' | 'deny';
  readonly protocols: readonly ProtocolMatch[];
  /** Sources of an ingress rule, destinations of an egress rule. */
  readonly ranges: readonly string[];
  /** Destinations of an ingress rule; everywhere when empty. */
  readonly destinations: readonly string[];
  readonly sourceTags: readonly string[];
  readonly sourceServiceAccounts: readonly string[];
  /** The rule is for machines with any of these; for all machines when both lists are empty. */
  readonly targetTags: readonly string[];
  readonly targetServiceAccounts: readonly string[];
}

export interface ProtocolMatch {
  /** A name, a number, or `all`. */
  readonly protocol: string;
  /** `80` or `1000-2000`; every port when empty. */
  readonly ports: readonly string[];
}

/** One end of a packet: a machine's interface, or an address outside. */
export interface Endpoint {
  readonly address: string;
  readonly tags: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export interface Packet {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** A name or a number. */
  readonly protocol: string;
  /** Destination port; absent for protocols without ports. */
  readonly port?: number | undefined;
}

export interface Verdict {
  readonly allowed: boolean;
  /** The rule that decided; absent when it was the implied one of the direction. */
  readonly rule?: string;
}

const NUMBERS: Readonly<Record<string, string>> = {
  icmp: '1',
  ipip: '4',
  tcp: '6',
  udp: '17',
  esp: '50',
  ah: '51',
  sctp: '132',
};

/**
 * What the rules of a network say of a packet that leaves one of its machines (EGRESS) or comes to one (INGRESS): the
 * matching rule of the least priority number, deny before allow; without any, deny on the way in and allow on the way out.
 */
export function judge(rules: readonly FirewallRule[], direction: FirewallRule['direction'], packet: Packet): Verdict {
  let best: FirewallRule | undefined;
  for (const rule of rules) {
    if (rule.direction === direction && isBefore(rule, best) && matches(rule, packet)) best = rule;
  }
  if (best === undefined) return { allowed: direction === 'EGRESS' };
  return { allowed: best.action === 'allow', rule: best.name };
}

function isBefore(rule: FirewallRule, best: FirewallRule | undefined): boolean {
  if (best === undefined || rule.priority < best.priority) return true;
  return rule.priority === best.priority && rule.action === 'deny' && best.action === 'allow';
}

function matches(rule: FirewallRule, packet: Packet): boolean {
  const target = rule.direction === 'INGRESS' ? packet.destination : packet.source;
  return isTarget(rule, target) && isPeer(rule, packet) && rule.protocols.some((match) => hasProtocol(match, packet));
}

/** The items of a list are alternatives, and so are tags and accounts. */
function isTarget({ targetTags, targetServiceAccounts }: FirewallRule, machine: Endpoint): boolean {
  if (targetTags.length === 0 && targetServiceAccounts.length === 0) return true;
  return shares(targetTags, machine.tags) || shares(targetServiceAccounts, machine.serviceAccounts);
}

function isPeer(rule: FirewallRule, { source, destination }: Packet): boolean {
  if (rule.direction === 'EGRESS') return isInSome(rule.ranges, destination.address);
  if (rule.destinations.length > 0 && !isInSome(rule.destinations, destination.address)) return false;
  return (
    isInSome(rule.ranges, source.address) ||
    shares(rule.sourceTags, source.tags) ||
    shares(rule.sourceServiceAccounts, source.serviceAccounts)
  );
}

function hasProtocol({ protocol, ports }: ProtocolMatch, packet: Packet): boolean {
  if (protocol.toLowerCase() === 'all') return true;
  if (numberOf(protocol) !== numberOf(packet.protocol)) return false;
  return ports.length === 0 || ports.some((range) => packet.port !== undefined && hasPort(range, packet.port));
}

function numberOf(protocol: string): string {
  const name = protocol.toLowerCase();
  return NUMBERS[name] ?? name;
}

function hasPort(range: string, port: number): boolean {
  const [from = 0, to = from] = range.split('-').map(Number);
  return from <= port && port <= to;
}

function shares(left: readonly string[], right: readonly string[]): boolean {
  return left.some((item) => right.includes(item));
}

function isInSome(ranges: readonly string[], address: string): boolean {
  const v4 = parseIpv4(address);
  const v6 = v4 === undefined ? parseIpv6(address) : undefined;
  return ranges.some((range) => {
    if (v4 !== undefined) return hasIpv4(range, v4);
    return v6 !== undefined && hasIpv6(range, v6);
  });
}

/** A single address stands for a range of one. */
function hasIpv4(text: string, address: number): boolean {
  const range = parseIpv4Range(text);
  return range === undefined ? parseIpv4(text) === address : range.first <= address && address <= range.last;
}

function hasIpv6(text: string, address: bigint): boolean {
  const range = parseIpv6Range(text);
  return range === undefined ? parseIpv6(text) === address : containsIpv6(range, address);
}
