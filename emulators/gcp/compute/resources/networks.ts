import { rowsIn } from '../../core/collection-rows.ts';
import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergePatch, numberAt, objectAt, stringAt } from '../../core/json.ts';
import { apiError, invalidValue, notImplemented } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import type { ComputeType, Mutation, Prepared, ReadCall, Target } from '../resource-type.ts';
import { refuseImmutable } from '../rules.ts';
import { oneOf } from '../usage-of.ts';
import { autoSubnetworks } from './auto-subnetworks.ts';
import { ulaClaims, ulaRange } from './network-ula.ts';
import { defaultRoute } from './routes.ts';

const DEFAULT_MTU = 1460;
const MUTABLE = fields(
  'routingConfig mtu networkFirewallPolicyEnforcementOrder enableUlaInternalIpv6 internalIpv6Range',
);
const WRITABLE = [
  ...fields('name description autoCreateSubnetworks mtu networkFirewallPolicyEnforcementOrder'),
  ...fields('enableUlaInternalIpv6 internalIpv6Range'),
  ...fields('routingMode bgpBestPathSelectionMode', 'routingConfig'),
];

const patch: Mutation = {
  httpMethod: 'PATCH',
  operationType: 'updateNetwork',
  request: { message: 'Network', writable: WRITABLE },
  latencyMs: [8_000, 20_000],
  apply(target, row, sent) {
    const { body } = row;
    // The range that the network has may be sent again.
    refuseImmutable(body, sent, MUTABLE);
    checkMtu(sent);
    const isOn = body['enableUlaInternalIpv6'] === true;
    if (isOn && sent['enableUlaInternalIpv6'] === false) {
      throw invalidValue('resource.enableUlaInternalIpv6', false, 'It cannot be turned off.');
    }
    if (isOn && sent['internalIpv6Range'] !== undefined && sent['internalIpv6Range'] !== body['internalIpv6Range']) {
      throw invalidValue('resource.internalIpv6Range', sent['internalIpv6Range'], 'The field cannot be changed.');
    }
    const changed = withoutDefaultMtu(mergePatch(body, sent));
    return isOn ? changed : { ...changed, ...ulaFields(target, changed) };
  },
};

const switchToCustomMode: Mutation = {
  httpMethod: 'POST',
  verb: 'switchToCustomMode',
  operationType: 'switchToCustomMode',
  permission: 'switchToCustomMode',
  latencyMs: [8_000, 20_000],
  apply(_target, { body }) {
    if (body['autoCreateSubnetworks'] !== true) {
      throw apiError(400, 'invalid', 'The network is not in auto subnet mode.');
    }
    return { ...body, autoCreateSubnetworks: false };
  },
};

/** The rules that decide on the packets of a network; there are no policies of folders here. */
const getEffectiveFirewalls: ReadCall = {
  httpMethod: 'GET',
  verb: 'getEffectiveFirewalls',
  permission: 'getEffectiveFirewalls',
  answer({ world, project, key }) {
    const firewalls = rowsIn(world, `projects/${project}/global/firewalls`)
      .filter(({ phase, body }) => phase !== 'creating' && body['network'] === linkOf(key))
      .map(({ body }) => body);
    return firewalls.length === 0 ? {} : { firewalls };
  },
};

/** VPC networks of custom and of auto mode. */
export const networks: ComputeType = {
  collection: 'networks',
  kind: 'compute#network',
  message: 'Network',
  noun: 'network',
  scopes: ['global'],
  visibleWhileCreating: false,
  latencyMs: { insert: [8_000, 20_000], delete: [8_000, 20_000] },
  outputOnly: fields('selfLinkWithId gatewayIPv4 subnetworks peerings firewallPolicy'),
  indexedFields: ['internalIpv6Range'],
  references: () => [],
  addresses: ulaClaims,
  counted: { fields: [], usage: oneOf('NETWORKS') },
  insert: { writable: WRITABLE, prepare },
  mutations: [patch, switchToCustomMode],
  reads: [getEffectiveFirewalls],
  delete: {
    inUse: 'at-end',
    goesAlong: isAuto,
    done({ world, project, key }) {
      const along = [...world.indexes.users(key)].filter((user) => isAuto(world.database.get('resource', user)));
      for (const user of along) world.database.delete('resource', user);
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

function isAuto(row: ResourceRow | undefined): boolean {
  return row?.hidden?.['isAuto'] === true;
}

function prepare(target: Target, body: JsonObject): Prepared {
  const mode = body['autoCreateSubnetworks'];
  // Absent means a legacy network, which has a range of its own and no subnetworks.
  if (mode === undefined) throw notImplemented('legacy networks (autoCreateSubnetworks absent)');
  checkMtu(body);
  const route = defaultRoute(target.key, target.world.random.hex(16));
  return {
    companions: [route, ...(mode === true ? autoSubnetworks(target) : [])],
    body: {
      ...withoutDefaultMtu(body),
      ...ulaFields(target, body),
      routingConfig: {
        routingMode: 'REGIONAL',
        bgpBestPathSelectionMode: 'LEGACY',
        ...objectAt(body, 'routingConfig'),
      },
      networkFirewallPolicyEnforcementOrder:
        stringAt(body, 'networkFirewallPolicyEnforcementOrder') ?? 'AFTER_CLASSIC_FIREWALL',
    },
  };
}

function ulaFields(target: Target, body: JsonObject): JsonObject {
  if (body['enableUlaInternalIpv6'] === true) {
    return { internalIpv6Range: ulaRange(target.world, stringAt(body, 'internalIpv6Range')) };
  }
  if (body['internalIpv6Range'] === undefined) return {};
  throw invalidValue('resource.internalIpv6Range', body['internalIpv6Range'], 'Goes with enableUlaInternalIpv6 only.');
}

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
