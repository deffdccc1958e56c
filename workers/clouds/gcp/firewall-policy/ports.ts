import type { FirewallMatch } from '../firewalls.ts';

/** A port that the template names. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol?: string | null;
}

/** Ports of a rule, as a user writes them. */
export interface PolicyPort {
  readonly protocol?: string | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

/** Protocols that have ports, and one that stands for all that have none. */
export const protocols = ['tcp', 'udp', 'sctp', 'other'] as const;
type Protocol = (typeof protocols)[number];

/** Ports `first` to `last` of a protocol; for `other` always 0 to 65535. */
export interface Flow {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

export const lastPort = 65_535;

/** Everything, which is what no ports at all mean. */
export const allFlows: readonly Flow[] = protocols.map((protocol) => ({ protocol, first: 0, last: lastPort }));

/** What one entry means; a string says why it cannot be resolved. */
export function flowOf({ protocol, port, endPort }: PolicyPort, named: readonly NamedPort[]): Flow | string {
  const lower = (protocol ?? 'TCP').toLowerCase();
  const known = protocols.find((one) => one === lower && one !== 'other');
  if (known === undefined) return `protocol ${protocol} is not known`;
  if (port === undefined || port === null) return { protocol: known, first: 0, last: lastPort };
  if (typeof port === 'number' || /^\d+$/.test(port))
    return { protocol: known, first: Number(port), last: endPort ?? Number(port) };
  const found = named.find((one) => one.name === port && (one.protocol ?? 'TCP').toLowerCase() === lower);
  if (found === undefined) return `no ${lower.toUpperCase()} port of the template is named "${port}"`;
  return { protocol: known, first: found.port, last: found.port };
}

/** Protocols without ports that Google knows by name; `other` stands for them when not everything is meant. */
const portless = ['icmp', 'esp', 'ah', 'ipip'];

/** Flows as Google writes them, in a fixed order. */
export function matchesOf(flows: readonly Flow[]): FirewallMatch[] {
  const merged = protocols.map((protocol) => ({
    protocol,
    ranges: mergedRanges(flows.filter((flow) => flow.protocol === protocol)),
  }));
  const isWhole = ({ ranges }: (typeof merged)[number]) => ranges.length === 1 && ranges[0] === `0-${lastPort}`;
  if (merged.every(isWhole)) return [{ protocol: 'all' }];
  return merged.flatMap((entry): FirewallMatch[] => {
    const { protocol, ranges } = entry;
    if (ranges.length === 0) return [];
    if (protocol === 'other') return portless.map((name) => ({ protocol: name }));
    return [isWhole(entry) ? { protocol } : { protocol, ports: ranges }];
  });
}

function mergedRanges(flows: readonly Flow[]): string[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of flows.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}
