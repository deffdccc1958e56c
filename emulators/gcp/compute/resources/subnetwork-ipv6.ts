import type { ResourceRow } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { apiError, invalidValue, notImplemented, requiredField } from '../../http/api-error.ts';
import { EXTERNAL_V6_POOL, EXTERNAL_V6_RANGE } from '../../net/external-addresses.ts';
import type { Ipv6Range } from '../../net/ipv6.ts';
import { containsIpv6, formatIpv6Range, indexIn, parseIpv6Range, subrange } from '../../net/ipv6.ts';
import { referredKey } from '../references.ts';

const LENGTH = 64;

/** The IPv6 part of a subnetwork, a /64; empty for IPv4 alone. 400 when the network cannot give it. */
export function subnetworkIpv6(world: World, networkKey: string, body: JsonObject): JsonObject {
  const stackType = stringAt(body, 'stackType') ?? 'IPV4_ONLY';
  const accessType = stringAt(body, 'ipv6AccessType');
  if (stackType === 'IPV6_ONLY') throw notImplemented('subnetworks without IPv4 (stackType IPV6_ONLY)');
  if (stackType === 'IPV4_ONLY') {
    if (accessType === undefined) return {};
    throw invalidValue('resource.ipv6AccessType', accessType, 'Goes with the stack type IPV4_IPV6 only.');
  }
  if (accessType === undefined) throw requiredField('resource.ipv6AccessType');
  const network = world.database.get('resource', networkKey)?.body ?? {};
  if (network['autoCreateSubnetworks'] === true) {
    throw invalidValue('resource.stackType', stackType, 'A network in auto subnet mode has only IPv4.');
  }
  if (accessType === 'EXTERNAL') {
    const range = formatIpv6Range(next(world, EXTERNAL_V6_POOL, EXTERNAL_V6_RANGE));
    return { ipv6CidrRange: range, externalIpv6Prefix: range };
  }
  const ula = parseIpv6Range(stringAt(network, 'internalIpv6Range') ?? '');
  if (ula === undefined) {
    throw invalidValue('resource.ipv6AccessType', accessType, 'The network has no internal IPv6 range.');
  }
  const range = formatIpv6Range(next(world, poolOf(networkKey), ula));
  return { ipv6CidrRange: range, internalIpv6Prefix: range };
}

/** The /64 that a stored subnetwork holds. */
export function subnetworkClaims({ body }: ResourceRow): readonly AddressClaim[] {
  const range = parseIpv6Range(stringAt(body, 'ipv6CidrRange') ?? '');
  if (range === undefined) return [];
  if (containsIpv6(EXTERNAL_V6_RANGE, range.first)) {
    return [[EXTERNAL_V6_POOL, indexIn(EXTERNAL_V6_RANGE, LENGTH, range.first)]];
  }
  const ula: Ipv6Range = { first: (range.first >> 80n) << 80n, prefixLength: 48 };
  return [[poolOf(referredKey(stringAt(body, 'network')) ?? ''), indexIn(ula, LENGTH, range.first)]];
}

function next(world: World, pool: string, range: Ipv6Range): Ipv6Range {
  const last = 2 ** (LENGTH - range.prefixLength) - 1;
  const index = world.indexes.pools.firstFree(pool, { first: 0, last, prefixLength: LENGTH });
  if (index === undefined) throw apiError(400, 'invalid', 'The IPv6 range of the network is exhausted.');
  return subrange(range, LENGTH, index);
}

function poolOf(networkKey: string): string {
  return `${networkKey} ipv6`;
}
