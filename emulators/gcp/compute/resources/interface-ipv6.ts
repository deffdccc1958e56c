import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Ipv6Range } from '../../net/ipv6.ts';
import { containsIpv6, formatIpv6, indexIn, parseIpv6, parseIpv6Range, subrange } from '../../net/ipv6.ts';
import { invalidValue } from '../../http/api-error.ts';
import { referredKey } from '../references.ts';
import type { InterfacePlace } from './interface-subnetwork.ts';

/** Each interface gets a /96 of its subnetwork's /64; the first of them, with the gateway, is nobody's. */
const LENGTH = 96;
const LAST_INDEX = 2 ** 32 - 1;

/** The IPv6 part of an interface; 400 when the subnetwork does not have what is wished. */
export function ipv6Fields(world: World, place: InterfacePlace, wish: JsonObject, at: string): JsonObject {
  const stackType = stringAt(wish, 'stackType') ?? 'IPV4_ONLY';
  const configs = objectsAt(wish, 'ipv6AccessConfigs');
  if (stackType === 'IPV4_ONLY') {
    if (configs.length === 0) return { stackType };
    throw invalidValue(`${at}.ipv6AccessConfigs`, configs, 'Goes with the stack type IPV4_IPV6 only.');
  }
  const accessType = stringAt(place.subnetwork, 'ipv6AccessType');
  if (stackType !== 'IPV4_IPV6' || place.subnetwork['stackType'] !== 'IPV4_IPV6' || accessType === undefined) {
    throw invalidValue(`${at}.stackType`, stackType, 'The subnetwork has only IPv4.');
  }
  if (accessType === 'INTERNAL' && configs.length > 0) {
    throw invalidValue(`${at}.ipv6AccessConfigs`, configs, 'The subnetwork has only internal IPv6 addresses.');
  }
  const address = askedAddress(world, place, wish, at) ?? nextAddress(world, place);
  const common = { stackType, ipv6AccessType: accessType };
  if (accessType === 'INTERNAL') return { ...common, ipv6Address: address, internalIpv6PrefixLength: LENGTH };
  const config = {
    kind: 'compute#accessConfig',
    type: 'DIRECT_IPV6',
    name: 'external-ipv6',
    networkTier: 'PREMIUM',
    ...configs[0],
    externalIpv6: address,
    externalIpv6PrefixLength: LENGTH,
  };
  return { ...common, ipv6AccessConfigs: [config] };
}

/** The /96 ranges that a stored interface holds. */
export function ipv6Claims(nic: JsonObject): readonly AddressClaim[] {
  const external = objectsAt(nic, 'ipv6AccessConfigs').flatMap((config) => stringAt(config, 'externalIpv6') ?? []);
  const text = stringAt(nic, 'ipv6Address') ?? external[0];
  if (text === undefined) return [];
  const address = parseIpv6(text);
  const subnetwork = referredKey(stringAt(nic, 'subnetwork'));
  if (address === undefined || subnetwork === undefined) return [];
  return [[poolOf(subnetwork), indexIn({ first: (address >> 64n) << 64n, prefixLength: 64 }, LENGTH, address)]];
}

/** The internal address that the caller asks for, if any; 400 when it cannot be had. */
function askedAddress(
  world: World,
  { key, subnetwork }: InterfacePlace,
  wish: JsonObject,
  at: string,
): string | undefined {
  const text = stringAt(wish, 'ipv6Address');
  if (text === undefined) return undefined;
  const [address, range] = [parseIpv6(text), rangeOf(subnetwork)];
  const index = address === undefined || !containsIpv6(range, address) ? 0 : indexIn(range, LENGTH, address);
  if (index === 0 || address !== subrange(range, LENGTH, index).first) {
    throw invalidValue(`${at}.ipv6Address`, text, 'Must be the first address of a /96 of the subnetwork.');
  }
  if (world.indexes.pools.isTaken(poolOf(key), index)) {
    throw invalidValue(`${at}.ipv6Address`, text, 'The address is already being used by another resource.');
  }
  return formatIpv6(address);
}

function nextAddress(world: World, { key, subnetwork }: InterfacePlace): string {
  const index = world.indexes.pools.firstFree(poolOf(key), { first: 1, last: LAST_INDEX, prefixLength: LENGTH });
  return formatIpv6(subrange(rangeOf(subnetwork), LENGTH, index ?? 0).first);
}

/** A dual-stack subnetwork always has a range. */
function rangeOf(subnetwork: JsonObject): Ipv6Range {
  const range = parseIpv6Range(stringAt(subnetwork, 'ipv6CidrRange') ?? '');
  if (range === undefined) throw new Error(`a subnetwork without IPv6: ${String(subnetwork['name'])}`);
  return range;
}

function poolOf(subnetworkKey: string): string {
  return `${subnetworkKey} ipv6`;
}
