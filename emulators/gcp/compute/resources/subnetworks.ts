import type { JsonObject } from '../../core/json.ts';
import { mergePatch, numberAt, stringAt } from '../../core/json.ts';
import { formatIpv4, contains } from '../../net/cidr.ts';
import { apiError, invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { keyTo, referredKeys } from '../references.ts';
import type { ComputeType, LatencyRange, Mutation, Prepared, Target } from '../resource-type.ts';
import { refuseImmutable, requireFingerprint, withFingerprint } from '../rules.ts';
import { oneInProject } from '../usage-of.ts';
import { subnetworkBody } from './subnetwork-body.ts';
import { subnetworkClaims, subnetworkIpv6 } from './subnetwork-ipv6.ts';
import {
  checkSecondaryRanges,
  conflictMessage,
  conflictingSubnetwork,
  primaryRange,
  rangeAt,
} from './subnetwork-ranges.ts';

const LATENCY_MS: LatencyRange = [5_000, 15_000];
const MUTABLE = fields(
  'description privateIpGoogleAccess enableFlowLogs logConfig secondaryIpRanges stackType ipv6AccessType',
);
/** Purposes other than PRIVATE hold the addresses of Google's own proxies and translators, never instances. */
const PURPOSES = [
  'PRIVATE',
  'REGIONAL_MANAGED_PROXY',
  'GLOBAL_MANAGED_PROXY',
  'PRIVATE_SERVICE_CONNECT',
  'PRIVATE_NAT',
];

const patch: Mutation = {
  httpMethod: 'PATCH',
  operationType: 'patch',
  request: {
    message: 'Subnetwork',
    writable: ['fingerprint', 'name', 'network', 'ipCidrRange', 'purpose', ...MUTABLE],
  },
  parameters: ['drainTimeoutSeconds'],
  latencyMs: LATENCY_MS,
  apply(target, row, { fingerprint, '?drainTimeoutSeconds': drain, ...sent }) {
    const current = stringAt(row.body, 'fingerprint') ?? '';
    requireFingerprint(fingerprint, current, 'resource.fingerprint', 'subnetwork');
    if (drain !== undefined && numberAt({ drain }, 'drain') === undefined) {
      throw invalidValue('drainTimeoutSeconds', drain, 'Must be a number of seconds.');
    }
    refuseImmutable(row.body, sent, MUTABLE);
    const networkKey = networkKeyOf(target, row.body);
    if (sent['secondaryIpRanges'] !== undefined) {
      checkSecondaryRanges(target, networkKey, sent, primaryRange(row.body));
    }
    const changed = mergePatch(row.body, sent);
    if (row.body['stackType'] === 'IPV4_ONLY') {
      return withFingerprint({ ...changed, ...subnetworkIpv6(target.world, networkKey, changed) });
    }
    for (const field of ['stackType', 'ipv6AccessType']) {
      if (changed[field] !== row.body[field]) {
        throw invalidValue(`resource.${field}`, changed[field], 'The field cannot be changed.');
      }
    }
    return withFingerprint(changed);
  },
};

const expandIpCidrRange: Mutation = {
  httpMethod: 'POST',
  verb: 'expandIpCidrRange',
  operationType: 'expandIpCidrRange',
  permission: 'expandIpCidrRange',
  request: { message: 'SubnetworksExpandIpCidrRangeRequest', writable: ['ipCidrRange'] },
  latencyMs: LATENCY_MS,
  apply(target, row, body) {
    const [old, range] = [primaryRange(row.body), rangeAt(body, 'resource.ipCidrRange')];
    const text = stringAt(body, 'ipCidrRange') ?? '';
    if (!contains(range, old) || range.prefixLength >= old.prefixLength) {
      throw invalidValue('resource.ipCidrRange', text, 'Must contain the present range and be larger.');
    }
    const conflict = conflictingSubnetwork(target, networkKeyOf(target, row.body), [range]);
    if (conflict !== undefined) {
      throw invalidValue('resource.ipCidrRange', text, conflictMessage(text, conflict));
    }
    return withFingerprint({ ...row.body, ipCidrRange: text, gatewayAddress: formatIpv4(range.first + 1) });
  },
};

const setPrivateIpGoogleAccess: Mutation = {
  httpMethod: 'POST',
  verb: 'setPrivateIpGoogleAccess',
  operationType: 'setPrivateIpGoogleAccess',
  permission: 'setPrivateIpGoogleAccess',
  request: { message: 'SubnetworksSetPrivateIpGoogleAccessRequest', writable: ['privateIpGoogleAccess'] },
  latencyMs: LATENCY_MS,
  apply(_target, row, sent) {
    if (sent['privateIpGoogleAccess'] === undefined) throw requiredField('resource.privateIpGoogleAccess');
    return withFingerprint({ ...row.body, ...sent });
  },
};

/** Regional subnetworks, with IPv4 alone or with both. */
export const subnetworks: ComputeType = {
  collection: 'subnetworks',
  kind: 'compute#subnetwork',
  message: 'Subnetwork',
  noun: 'subnetwork',
  scopes: ['region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [10_000, 25_000], delete: [10_000, 25_000] },
  outputOnly: fields('gatewayAddress region state ipv6CidrRange externalIpv6Prefix internalIpv6Prefix'),
  indexedFields: ['network', 'ipv6CidrRange'],
  references: ({ body }) => referredKeys(body, 'network'),
  addresses: subnetworkClaims,
  counted: { fields: [], usage: oneInProject('SUBNETWORKS') },
  insert: {
    writable: [
      ...fields('name description network ipCidrRange privateIpGoogleAccess privateIpv6GoogleAccess purpose role'),
      ...fields('stackType ipv6AccessType enableFlowLogs logConfig fingerprint'),
      ...fields('rangeName ipCidrRange', 'secondaryIpRanges'),
    ],
    prepare,
  },
  mutations: [patch, expandIpCidrRange, setPrivateIpGoogleAccess],
  delete: {
    inUse: 'at-call',
    needsIdleReferences: true,
    check({ world, key }, { body, hidden = {} }) {
      const network = world.database.get('resource', referredKeys(body, 'network')[0] ?? '');
      if (hidden['isAuto'] !== true || network?.body['autoCreateSubnetworks'] !== true) return;
      const why = `Cannot delete auto subnetwork '${key}' from an auto subnet mode network.`;
      throw apiError(400, 'invalidUsage', `Invalid resource usage: '${why}'.`);
    },
  },
};

function prepare(target: Target, body: JsonObject): Prepared {
  const networkKey = networkKeyOf(target, body);
  const purpose = stringAt(body, 'purpose') ?? 'PRIVATE';
  if (!PURPOSES.includes(purpose)) {
    throw invalidValue('resource.purpose', purpose, `The GCP emulator has ${PURPOSES.join(', ')}.`);
  }
  const isProxy = purpose.endsWith('_MANAGED_PROXY');
  if (body['role'] !== undefined && !isProxy) {
    throw invalidValue('resource.role', body['role'], 'Goes with subnetworks of managed proxies only.');
  }
  const range = rangeAt(body, 'resource.ipCidrRange');
  checkSecondaryRanges(target, networkKey, body, range);
  const conflict = conflictingSubnetwork(target, networkKey, [range]);
  const prepared = {
    body: subnetworkBody({
      ...(isProxy ? { role: 'ACTIVE' } : {}),
      ...body,
      ...subnetworkIpv6(target.world, networkKey, body),
      network: linkOf(networkKey),
    }),
  };
  if (conflict === undefined) return prepared;
  const message = conflictMessage(stringAt(body, 'ipCidrRange') ?? '', conflict);
  return { ...prepared, failure: operationError('INVALID_USAGE', message) };
}

function networkKeyOf(target: Target, body: JsonObject): string {
  const reference = stringAt(body, 'network');
  if (reference === undefined) throw requiredField('resource.network');
  return keyTo(target, reference, 'resource.network', 'networks');
}
