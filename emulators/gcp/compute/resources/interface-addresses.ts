import type { OperationError } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { formatIpv4, parseIpv4 } from '../../net/cidr.ts';
import { EXTERNAL_POOL, EXTERNAL_RANGE } from '../../net/external-addresses.ts';
import { usableRange } from '../../net/subnet-ranges.ts';
import { invalidValue } from '../../http/api-error.ts';
import { isExhausted } from '../conditions.ts';
import { linkOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { referredKey } from '../references.ts';
import type { Target } from '../resource-type.ts';
import { ipv6Claims } from './interface-ipv6.ts';
import type { InterfacePlace } from './interface-subnetwork.ts';
import { reservationOf } from './reservations.ts';
import { primaryRange } from './subnetwork-ranges.ts';

/** An address for an interface, with the key of its reservation; or the error that shows at the end of the operation. */
export type ChosenAddress =
  | { readonly address: string; readonly reservation?: string }
  | { readonly failure: OperationError };

/** The internal address asked for, or the first free one. */
export function chooseInternal(
  target: Target,
  { key, subnetwork }: InterfacePlace,
  wish: JsonObject,
  at: string,
): ChosenAddress {
  const { indexes } = target.world;
  const usable = usableRange(primaryRange(subnetwork));
  const text = stringAt(wish, 'networkIP');
  if (text === undefined) {
    const free = isExhausted(target.world, key) ? undefined : indexes.pools.firstFree(key, usable);
    if (free !== undefined) return { address: formatIpv4(free) };
    return { failure: operationError('IP_SPACE_EXHAUSTED_WITH_DETAILS', `IP space of '${key}' is exhausted.`) };
  }
  const address = parseIpv4(text);
  if (address === undefined) throw invalidValue(`${at}.networkIP`, text, 'Must be a valid IPv4 address.');
  if (address < usable.first || address > usable.last) {
    const why = 'Requested internal IP address is outside the subnetwork CIDR range or reserved.';
    throw invalidValue(`${at}.networkIP`, text, why);
  }
  if (!indexes.pools.isTaken(key, address)) return { address: text };
  const reservation = reservationOf(target, text, linkOf(key));
  const isFree = reservation !== undefined && indexes.users(reservation.key).size === 0;
  return isFree ? { address: text, reservation: reservation.key } : { failure: inUse(text) };
}

/** The external address that an access configuration asks for, which must be reserved in the region. */
export function chooseExternal(target: Target, text: string, at: string): ChosenAddress {
  const reservation = reservationOf(target, text, undefined);
  if (reservation === undefined) {
    const why = `The specified external IP address '${text}' was not found in the region.`;
    throw invalidValue(`${at}.natIP`, text, why);
  }
  const users = target.world.indexes.users(reservation.key);
  const isFree = users.size === 0 || (users.size === 1 && users.has(target.key));
  return isFree ? { address: text, reservation: reservation.key } : { failure: inUse(text) };
}

function inUse(address: string): OperationError {
  return operationError('IP_IN_USE_BY_ANOTHER_RESOURCE', `IP '${address}' is already being used by another resource.`);
}

/** The interfaces with an external address for each access configuration that lacks one. */
export function withExternalAddresses(world: World, interfaces: readonly JsonObject[]): readonly JsonObject[] {
  return interfaces.map((nic) =>
    mapAccessConfigs(nic, (config) => {
      if (config['natIP'] !== undefined) return config;
      const address = world.indexes.pools.nextFree(EXTERNAL_POOL, EXTERNAL_RANGE);
      return address === undefined ? config : { ...config, natIP: formatIpv4(address) };
    }),
  );
}

/** An ephemeral address goes when the instance stops; a reserved one stays. */
export function withoutEphemeralAddresses(
  interfaces: readonly JsonObject[],
  reserved: ReadonlySet<string>,
): readonly JsonObject[] {
  return interfaces.map((nic) =>
    mapAccessConfigs(nic, (config) => {
      const { natIP, ...released } = config;
      return typeof natIP === 'string' && reserved.has(natIP) ? config : released;
    }),
  );
}

/** The addresses that a stored interface holds. */
export function interfaceAddresses(nic: JsonObject): readonly AddressClaim[] {
  const claims: AddressClaim[] = [...ipv6Claims(nic)];
  const internal = parseIpv4(stringAt(nic, 'networkIP') ?? '');
  const subnetwork = referredKey(stringAt(nic, 'subnetwork'));
  if (internal !== undefined && subnetwork !== undefined) claims.push([subnetwork, internal]);
  for (const config of objectsAt(nic, 'accessConfigs')) {
    const external = parseIpv4(stringAt(config, 'natIP') ?? '');
    if (external !== undefined) claims.push([EXTERNAL_POOL, external]);
  }
  return claims;
}

function mapAccessConfigs(nic: JsonObject, change: (config: JsonObject) => JsonObject): JsonObject {
  const configs = objectsAt(nic, 'accessConfigs');
  return configs.length === 0 ? nic : { ...nic, accessConfigs: configs.map(change) };
}
