import type { JsonObject } from '../../core/json.ts';
import { stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { parseIpv4Range } from '../../net/cidr.ts';
import { parseIpv6Range } from '../../net/ipv6.ts';
import { linkOf } from '../links.ts';
import { linkTo, referredKeys } from '../references.ts';
import type { Companion, ComputeType, Target } from '../resource-type.ts';
import { checkNumber } from '../rules.ts';
import { oneOf } from '../usage-of.ts';

const NEXT_HOPS = ['nextHopGateway', 'nextHopInstance', 'nextHopIp'];

/** Routes: one to the internet that comes with each network, and those that somebody adds. */
export const routes: ComputeType = {
  collection: 'routes',
  kind: 'compute#route',
  message: 'Route',
  noun: 'route',
  scopes: ['global'],
  visibleWhileCreating: false,
  latencyMs: { insert: [3_000, 10_000], delete: [3_000, 10_000] },
  outputOnly: ['nextHopNetwork', 'routeStatus', 'routeType', 'warnings'],
  indexedFields: ['network'],
  // The default route does not keep its network from being deleted; it goes with it.
  references: ({ body, hidden = {} }) =>
    hidden['isDefault'] === true ? [] : referredKeys(body, 'network', 'nextHopInstance'),
  addresses: () => [],
  counted: { fields: [], usage: oneOf('ROUTES') },
  insert: {
    writable: ['name', 'description', 'network', 'destRange', 'priority', 'tags', ...NEXT_HOPS],
    prepare: (target, body) => ({ body: completed(target, body) }),
  },
  mutations: [],
  delete: { inUse: 'at-call' },
};

/** The route to the internet of a new network. Its key follows from the network's id, which names it. */
export function defaultRoute(networkKey: string, suffix: string): Companion {
  const project = networkKey.slice(0, networkKey.indexOf('/global/'));
  const name = `default-route-${suffix}`;
  return {
    key: `${project}/global/routes/${name}`,
    type: 'routes',
    body: {
      name,
      description: 'Default route to the Internet.',
      network: linkOf(networkKey),
      destRange: '0.0.0.0/0',
      priority: 1000,
      nextHopGateway: linkOf(`${project}/global/gateways/default-internet-gateway`),
      routeType: 'STATIC',
    },
    hidden: { isDefault: true },
  };
}

function completed(target: Target, body: JsonObject): JsonObject {
  const [network, destRange] = [stringAt(body, 'network'), stringAt(body, 'destRange')];
  if (network === undefined) throw requiredField('resource.network');
  if (destRange === undefined) throw requiredField('resource.destRange');
  if (parseIpv4Range(destRange) === undefined && parseIpv6Range(destRange) === undefined) {
    throw invalidValue('resource.destRange', destRange, 'Must be a valid IP address range in CIDR form.');
  }
  checkNumber(body, 'priority', 0, 65_535);
  const [hop, second] = NEXT_HOPS.filter((field) => body[field] !== undefined);
  if (hop === undefined || second !== undefined) throw requiredField('resource.nextHopGateway');
  const reference = stringAt(body, hop) ?? '';
  const isLink = hop !== 'nextHopIp';
  const next = isLink ? linkTo(target, reference, `resource.${hop}`, 'gateways', 'instances') : reference;
  return {
    priority: 1000,
    ...body,
    network: linkTo(target, network, 'resource.network', 'networks'),
    [hop]: next,
    routeType: 'STATIC',
  };
}
