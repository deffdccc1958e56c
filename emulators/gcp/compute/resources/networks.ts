import { rowsIn } from '../../core/collection-rows.ts';
import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergePatch, numberAt, objectAt, stringAt } from '../../core/json.ts';
import { invalidValue, notImplemented } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import type { ComputeType } from '../resource-type.ts';
import { refuseImmutable } from '../rules.ts';
import { defaultRoute } from './routes.ts';

const DEFAULT_MTU = 1460;
const MUTABLE = ['routingConfig', 'mtu', 'networkFirewallPolicyEnforcementOrder'];

/** VPC networks, custom mode only. */
export const networks: ComputeType = {
  collection: 'networks',
  kind: 'compute#network',
  message: 'Network',
  noun: 'network',
  scopes: ['global'],
  visibleWhileCreating: false,
  latencyMs: { insert: [8_000, 20_000], delete: [8_000, 20_000] },
  outputOnly: ['selfLinkWithId', 'gatewayIPv4', 'subnetworks', 'peerings', 'firewallPolicy'],
  indexedFields: [],
  references: () => [],
  addresses: () => [],

  insert: {
    writable: [
      'name',
      'description',
      'autoCreateSubnetworks',
      'mtu',
      'routingConfig.routingMode',
      'routingConfig.bgpBestPathSelectionMode',
      'networkFirewallPolicyEnforcementOrder',
    ],
    prepare(target, body) {
      // Absent means a legacy network, true an automatic one; both need ranges of their own.
      if (body['autoCreateSubnetworks'] === undefined)
        throw notImplemented('legacy networks (autoCreateSubnetworks absent)');
      if (body['autoCreateSubnetworks'] === true)
        throw notImplemented('auto mode networks (autoCreateSubnetworks: true)');
      checkMtu(body);
      return {
        companions: [defaultRoute(target.key, target.world.random.hex(16))],
        body: {
          ...withoutDefaultMtu(body),
          routingConfig: {
            routingMode: 'REGIONAL',
            bgpBestPathSelectionMode: 'LEGACY',
            ...objectAt(body, 'routingConfig'),
          },
          networkFirewallPolicyEnforcementOrder:
            stringAt(body, 'networkFirewallPolicyEnforcementOrder') ?? 'AFTER_CLASSIC_FIREWALL',
        },
      };
    },
  },

  mutations: [
    {
      httpMethod: 'PATCH',
      operationType: 'updateNetwork',
      request: {
        message: 'Network',
        writable: [
          'name',
          'description',
          'autoCreateSubnetworks',
          'routingConfig',
          'mtu',
          'networkFirewallPolicyEnforcementOrder',
        ],
      },
      latencyMs: [8_000, 20_000],
      apply(_target, row, patch) {
        refuseImmutable(row.body, patch, MUTABLE);
        checkMtu(patch);
        return withoutDefaultMtu(mergePatch(row.body, patch));
      },
    },
  ],

  delete: {
    inUse: 'at-end',
    done({ world, project, key }) {
      for (const route of rowsIn(world, `projects/${project}/global/routes`)) {
        const routeKey = `projects/${project}/global/routes/${String(route.body['name'])}`;
        if (route.body['network'] === linkOf(key)) world.database.delete('resource', routeKey);
      }
    },
  },

  view(world, key, row) {
    const subnetworks = [...world.indexes.users(key)].filter((user) => user.includes('/subnetworks/'));
    return {
      ...row.body,
      selfLinkWithId: selfLinkWithId(row),
      ...(subnetworks.length === 0 ? {} : { subnetworks: subnetworks.toSorted().map(linkOf) }),
    };
  },
};

function selfLinkWithId(row: ResourceRow): string {
  const selfLink = stringAt(row.body, 'selfLink') ?? '';
  return selfLink.slice(0, selfLink.lastIndexOf('/') + 1) + String(row.body['id']);
}

function checkMtu(body: JsonObject): void {
  const mtu = numberAt(body, 'mtu');
  if (mtu !== undefined && mtu !== 0 && (mtu < 1300 || mtu > 8896)) {
    throw invalidValue('resource.mtu', mtu, 'Must be between 1300 and 8896, inclusive.');
  }
}

/** GET shows no `mtu` when it is the default. */
function withoutDefaultMtu(body: JsonObject): JsonObject {
  const { mtu, ...rest } = body;
  return mtu === undefined || mtu === 0 || mtu === DEFAULT_MTU ? rest : body;
}
