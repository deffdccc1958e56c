import type { Interface } from '../compute/firewall-view.ts';
import { interfacesOf, outside, rulesOf } from '../compute/firewall-view.ts';
import type { Json } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { parseIpv4 } from '../net/cidr.ts';
import { parseIpv6 } from '../net/ipv6.ts';
import type { Endpoint, Verdict } from '../net/reachability.ts';
import { judge } from '../net/reachability.ts';

/** One end of the way: a machine, or an address outside. */
type End = { readonly machine: string; readonly nics: readonly Interface[] } | { readonly address: string };

/**
 * Whether a packet gets from `src` to `dst`, each the key of a machine or an address outside, with `proto` and `port`:
 * what the firewall of either network says, and by which rule. `family` is 4 or 6, 4 unless told otherwise.
 */
export function reachability(world: World, query: URLSearchParams): Json {
  const [source, destination] = [endOf(world, query, 'src'), endOf(world, query, 'dst')];
  const protocol = query.get('proto') ?? 'tcp';
  const portText = query.get('port');
  const port = portText === null ? undefined : Number(portText);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new Error('port must be 0 to 65535');
  const way = wayBetween(source, destination, query.get('family') === '6');
  if (typeof way === 'string') return { allowed: false, reason: way };
  const decide = (hop: Hop | undefined, direction: 'EGRESS' | 'INGRESS') =>
    hop === undefined
      ? undefined
      : judge(rulesOf(world, hop.networkKey), direction, { source: hop.from, destination: hop.to, protocol, port });
  const [leaves, enters] = [decide(way.leaving, 'EGRESS'), decide(way.entering, 'INGRESS')];
  return {
    allowed: leaves?.allowed !== false && enters?.allowed !== false,
    ...(leaves === undefined ? {} : { egress: shown(leaves) }),
    ...(enters === undefined ? {} : { ingress: shown(enters) }),
  };
}

/** A network whose rules the packet meets, and its two ends as they are known there. */
interface Hop {
  readonly networkKey: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

interface Way {
  readonly leaving?: Hop;
  readonly entering?: Hop;
}

/** Within a network machines know each other; between networks each is to the other an address outside. */
function wayBetween(source: End, destination: End, isV6: boolean): Way | string {
  const internal = (nic: Interface) => (isV6 ? (nic.internalV6 ?? nic.externalV6) : nic.internal);
  const external = (nic: Interface) => (isV6 ? nic.externalV6 : nic.external);
  for (const near of 'nics' in source && 'nics' in destination ? source.nics : []) {
    const far = 'nics' in destination ? destination.nics.find((nic) => nic.networkKey === near.networkKey) : undefined;
    const [left, right] = [internal(near), far === undefined ? undefined : internal(far)];
    if (far === undefined || left === undefined || right === undefined) continue;
    const hop = { networkKey: near.networkKey, from: ofMachine(near, left), to: ofMachine(far, right) };
    return { leaving: hop, entering: hop };
  }
  const from = outerEnd(source, external);
  const to = outerEnd(destination, external);
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  const own = ({ nic, address }: OuterEnd) =>
    nic === undefined ? outside(address) : ofMachine(nic, internal(nic) ?? address);
  return {
    ...(from.nic === undefined
      ? {}
      : { leaving: { networkKey: from.nic.networkKey, from: own(from), to: outside(to.address) } }),
    ...(to.nic === undefined
      ? {}
      : { entering: { networkKey: to.nic.networkKey, from: outside(from.address), to: own(to) } }),
  };
}

/** The address by which an end is known outside, and the interface behind it, if it is a machine's. */
interface OuterEnd {
  readonly address: string;
  readonly nic?: Interface;
}

function outerEnd(end: End, external: (nic: Interface) => string | undefined): OuterEnd | string {
  if ('address' in end) return end;
  const nic = end.nics.find((one) => external(one) !== undefined);
  const address = nic === undefined ? undefined : external(nic);
  if (nic === undefined || address === undefined) return `${end.machine} has no external address`;
  return { address, nic };
}

function ofMachine(nic: Interface, address: string): Endpoint {
  return { address, tags: nic.tags, serviceAccounts: nic.serviceAccounts };
}

function shown({ allowed, rule }: Verdict): Json {
  return { allowed, rule: rule ?? 'implied' };
}

function endOf(world: World, query: URLSearchParams, name: 'src' | 'dst'): End {
  const text = query.get(name) ?? '';
  const row = world.database.get('resource', text);
  if (row?.type === 'instances') return { machine: text, nics: interfacesOf(row) };
  if (parseIpv4(text) !== undefined || parseIpv6(text) !== undefined) return { address: text };
  throw new Error(`${name} must be an address or a machine, as in projects/p/zones/z/instances/i, not '${text}'`);
}
