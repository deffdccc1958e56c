import type { JsonObject } from '../../core/json.ts';
import { mergePatch, objectAt, stringAt } from '../../core/json.ts';
import { formatIpv4, contains } from '../../net/cidr.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import { keyTo, referredKeys } from '../references.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { refuseImmutable, requireFingerprint, withFingerprint } from '../rules.ts';
import {
  checkSecondaryRanges,
  conflictMessage,
  conflictingSubnetwork,
  primaryRange,
  rangeAt,
} from './subnetwork-ranges.ts';

const MUTABLE = ['description', 'privateIpGoogleAccess', 'enableFlowLogs', 'logConfig', 'secondaryIpRanges'];

/** Regional subnetworks, IPv4. */
export const subnetworks: ComputeType = {
  collection: 'subnetworks',
  kind: 'compute#subnetwork',
  message: 'Subnetwork',
  noun: 'subnetwork',
  scopes: ['region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [10_000, 25_000], delete: [10_000, 25_000] },
  outputOnly: ['gatewayAddress', 'region', 'state', 'ipv6CidrRange', 'externalIpv6Prefix', 'internalIpv6Prefix'],
  indexedFields: ['network'],
  references: ({ body }) => referredKeys(body, 'network'),
  addresses: () => [],

  insert: {
    writable: [
      'name',
      'description',
      'network',
      'ipCidrRange',
      'privateIpGoogleAccess',
      'privateIpv6GoogleAccess',
      'purpose',
      'stackType',
      'enableFlowLogs',
      'logConfig',
      'secondaryIpRanges.rangeName',
      'secondaryIpRanges.ipCidrRange',
      'fingerprint',
    ],
    prepare(target, body) {
      const networkKey = networkKeyOf(target, body);
      for (const [field, only] of [
        ['purpose', 'PRIVATE'],
        ['stackType', 'IPV4_ONLY'],
      ] as const) {
        const value = body[field];
        if (value !== undefined && value !== only)
          throw invalidValue(`resource.${field}`, value, `The GCP emulator has only ${only} here.`);
      }
      const range = rangeAt(body, 'resource.ipCidrRange');
      checkSecondaryRanges(target, networkKey, body, range);
      const conflict = conflictingSubnetwork(target, networkKey, [range]);
      return {
        body: withFingerprint({
          privateIpGoogleAccess: false,
          privateIpv6GoogleAccess: 'DISABLE_GOOGLE_ACCESS',
          purpose: 'PRIVATE',
          stackType: 'IPV4_ONLY',
          enableFlowLogs: objectAt(body, 'logConfig')['enable'] === true,
          logConfig: { enable: body['enableFlowLogs'] === true },
          allowSubnetCidrRoutesOverlap: false,
          ...body,
          network: linkOf(networkKey),
          gatewayAddress: formatIpv4(range.first + 1),
        }),
        ...(conflict === undefined
          ? {}
          : {
              failure: operationError('INVALID_USAGE', conflictMessage(stringAt(body, 'ipCidrRange') ?? '', conflict)),
            }),
      };
    },
  },

  mutations: [
    {
      httpMethod: 'PATCH',
      operationType: 'patch',
      request: {
        message: 'Subnetwork',
        writable: ['fingerprint', 'name', 'network', 'ipCidrRange', 'purpose', 'stackType', ...MUTABLE],
      },
      latencyMs: [5_000, 15_000],
      apply(target, row, { fingerprint, ...patch }) {
        requireFingerprint(fingerprint, stringAt(row.body, 'fingerprint') ?? '', 'resource.fingerprint', 'subnetwork');
        refuseImmutable(row.body, patch, MUTABLE);
        const changed = mergePatch(row.body, patch);
        if (patch['secondaryIpRanges'] !== undefined) {
          checkSecondaryRanges(target, networkKeyOf(target, row.body), patch, primaryRange(row.body));
        }
        return withFingerprint(changed);
      },
    },
    {
      httpMethod: 'POST',
      verb: 'expandIpCidrRange',
      operationType: 'expandIpCidrRange',
      request: { message: 'SubnetworksExpandIpCidrRangeRequest', writable: ['ipCidrRange'] },
      latencyMs: [5_000, 15_000],
      apply(target, row, body) {
        const [old, range] = [primaryRange(row.body), rangeAt(body, 'resource.ipCidrRange')];
        if (!contains(range, old) || range.prefixLength >= old.prefixLength) {
          throw invalidValue(
            'resource.ipCidrRange',
            body['ipCidrRange'],
            'Must contain the present range and be larger.',
          );
        }
        const conflict = conflictingSubnetwork(target, networkKeyOf(target, row.body), [range]);
        if (conflict !== undefined) {
          const text = stringAt(body, 'ipCidrRange') ?? '';
          throw invalidValue('resource.ipCidrRange', text, conflictMessage(text, conflict));
        }
        return withFingerprint({
          ...row.body,
          ipCidrRange: body['ipCidrRange'],
          gatewayAddress: formatIpv4(range.first + 1),
        });
      },
    },
  ],

  delete: { inUse: 'at-call', needsIdleReferences: true },
};

function networkKeyOf(target: Target, body: JsonObject): string {
  const reference = stringAt(body, 'network');
  if (reference === undefined) throw requiredField('resource.network');
  return keyTo(target, reference, 'resource.network', 'networks');
}
