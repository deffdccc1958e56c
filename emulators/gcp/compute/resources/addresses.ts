import type { ResourceRow } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import { invalidValue, notImplemented, requiredField } from '../../http/api-error.ts';
import { formatIpv4, parseIpv4 } from '../../net/cidr.ts';
import { EXTERNAL_POOL, EXTERNAL_RANGE, EXTERNAL_V6_POOL, EXTERNAL_V6_RANGE } from '../../net/external-addresses.ts';
import { formatIpv6, indexIn, parseIpv6, subrange } from '../../net/ipv6.ts';
import { usableRange } from '../../net/subnet-ranges.ts';
import { setLabelsOf } from '../set-labels.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { keyTo, referredKey, referredKeys } from '../references.ts';
import type { ComputeType, Prepared, Target } from '../resource-type.ts';
import { oneOf } from '../usage-of.ts';
import { labelFields } from './labels.ts';
import { primaryRange } from './subnetwork-ranges.ts';

const EXTERNAL_V6_SIZE = 2 ** 32;

/** Reserved addresses: global and regional external ones, and regional internal ones of a subnetwork. */
export const addresses: ComputeType = {
  collection: 'addresses',
  kind: 'compute#address',
  message: 'Address',
  noun: 'address',
  scopes: ['global', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [2_000, 5_000], delete: [2_000, 5_000] },
  outputOnly: ['status', 'users', 'labelFingerprint', 'region'],
  indexedFields: ['subnetwork', 'address'],
  references: ({ body }) => referredKeys(body, 'subnetwork'),
  addresses: claims,
  counted: { fields: [], usage: oneOf('STATIC_ADDRESSES') },
  insert: {
    writable: [
      ...fields('name description address addressType ipVersion networkTier purpose subnetwork'),
      ...fields('ipv6EndpointType labels'),
    ],
    prepare(target, body) {
      // Google takes `labels` here and forgets them: they must be set by a call of their own.
      const { labels: _forgotten, ...wanted } = body;
      const addressType = stringAt(body, 'addressType') ?? 'EXTERNAL';
      const prepared = addressType === 'INTERNAL' ? internal(target, wanted) : external(target, wanted);
      return { ...prepared, body: { ...prepared.body, addressType, ...labelFields({}) } };
    },
  },
  mutations: [setLabelsOf('address', { global: 'GlobalSetLabelsRequest', region: 'RegionSetLabelsRequest' })],
  delete: { inUse: 'at-call' },
  view(world, key, row) {
    const users = [...world.indexes.users(key)].toSorted().map(linkOf);
    return {
      ...row.body,
      status: users.length === 0 ? 'RESERVED' : 'IN_USE',
      ...(users.length === 0 ? {} : { users }),
    };
  },
};

function external(target: Target, body: JsonObject): Prepared {
  if (body['subnetwork'] !== undefined) {
    throw invalidValue('resource.subnetwork', body['subnetwork'], 'An external address has no subnetwork.');
  }
  const { pools } = target.world.indexes;
  const isGlobal = target.scope.kind === 'global';
  const networkTier = stringAt(body, 'networkTier') ?? 'PREMIUM';
  if (isGlobal && networkTier !== 'PREMIUM') {
    throw invalidValue('resource.networkTier', networkTier, 'A global address is of the PREMIUM tier.');
  }
  if (body['address'] !== undefined) throw notImplemented('the reservation of a given external address');
  if (stringAt(body, 'ipVersion') === 'IPV6') {
    if (!isGlobal) throw notImplemented('regional external IPv6 addresses');
    const index = pools.nextFree(EXTERNAL_V6_POOL, { first: 1, last: EXTERNAL_V6_SIZE - 1, prefixLength: 64 });
    if (index === undefined) return { body, failure: exhausted('external IPv6 addresses') };
    return { body: { ...body, networkTier, address: formatIpv6(subrange(EXTERNAL_V6_RANGE, 64, index).first) } };
  }
  const address = pools.nextFree(EXTERNAL_POOL, EXTERNAL_RANGE);
  if (address === undefined) return { body, failure: exhausted('external addresses') };
  const ipVersion = isGlobal ? { ipVersion: 'IPV4' } : {};
  return { body: { ...ipVersion, ...body, networkTier, address: formatIpv4(address) } };
}

function internal(target: Target, body: JsonObject): Prepared {
  if (target.scope.kind === 'global') throw notImplemented('global internal addresses');
  if (stringAt(body, 'ipVersion') === 'IPV6') throw notImplemented('internal IPv6 addresses');
  const reference = stringAt(body, 'subnetwork');
  if (reference === undefined) throw requiredField('resource.subnetwork');
  const key = keyTo(target, reference, 'resource.subnetwork', 'subnetworks');
  const { database, indexes } = target.world;
  const subnetwork = database.get('resource', key)?.body;
  const common = { purpose: 'GCE_ENDPOINT', ...body, subnetwork: linkOf(key) };
  // The insert itself answers for a subnetwork that is not there.
  if (subnetwork === undefined) return { body: common };
  const usable = usableRange(primaryRange(subnetwork));
  const text = stringAt(body, 'address');
  const address = text === undefined ? indexes.pools.firstFree(key, usable) : parseIpv4(text);
  if (text !== undefined && (address === undefined || address < usable.first || address > usable.last)) {
    throw invalidValue('resource.address', text, 'The address is not one that the subnetwork gives out.');
  }
  if (address === undefined) return { body: common, failure: exhausted(`'${key}'`) };
  if (text !== undefined && indexes.pools.isTaken(key, address)) {
    const message = `IP '${text}' is already being used by another resource.`;
    return { body: withoutAddress(common), failure: operationError('IP_IN_USE_BY_ANOTHER_RESOURCE', message) };
  }
  return { body: { ...common, address: formatIpv4(address) } };
}

function withoutAddress({ address: _taken, ...body }: JsonObject): JsonObject {
  return body;
}

function exhausted(what: string) {
  return operationError('IP_SPACE_EXHAUSTED', `IP space of ${what} is exhausted.`);
}

function claims({ body }: ResourceRow): readonly AddressClaim[] {
  const text = stringAt(body, 'address') ?? '';
  const v6 = parseIpv6(text);
  if (v6 !== undefined) return [[EXTERNAL_V6_POOL, indexIn(EXTERNAL_V6_RANGE, 64, v6)]];
  const v4 = parseIpv4(text);
  return v4 === undefined ? [] : [[referredKey(stringAt(body, 'subnetwork')) ?? EXTERNAL_POOL, v4]];
}
