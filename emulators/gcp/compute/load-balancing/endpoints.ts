import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectsAt, sameJson, stringAt } from '../../core/json.ts';
import { apiError, invalidValue, notFound, requiredField } from '../../http/api-error.ts';
import { filterPredicate } from '../../listing/filter.ts';
import { pageRequest, takePage } from '../../listing/page.ts';
import { parseIpv4 } from '../../net/cidr.ts';
import { fields } from '../fields.ts';
import { interfacesOf } from '../firewall-view.ts';
import { linkOf } from '../links.ts';
import { keyTo, referredKey } from '../references.ts';
import type { LatencyRange, Mutation, ReadCall, Target } from '../resource-type.ts';
import { checkNumber } from '../rules.ts';
import { endpointHealth } from './backend-health.ts';
import { liveEndpoints } from './live-endpoints.ts';

const LATENCY_MS: LatencyRange = [3_000, 10_000];
const MAX_AT_ONCE = 500;

export const attachNetworkEndpoints: Mutation = {
  httpMethod: 'POST',
  verb: 'attachNetworkEndpoints',
  operationType: 'attachNetworkEndpoints',
  permission: 'attachNetworkEndpoints',
  request: {
    message: 'NetworkEndpointGroupsAttachEndpointsRequest',
    writable: fields('instance ipAddress port annotations', 'networkEndpoints'),
  },
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    const wanted = resolved(target, row, sent);
    const there = liveEndpoints(target.world, row);
    for (const endpoint of wanted) {
      if (there.some((other) => isSame(other, endpoint))) {
        const what = `${stringAt(endpoint, 'ipAddress')}:${numberAt(endpoint, 'port')}`;
        throw apiError(400, 'invalid', `The network endpoint '${what}' is already attached to the group.`);
      }
    }
    return row.body;
  },
  hide: (target, row, sent) => ({
    ...row.hidden,
    endpoints: [...liveEndpoints(target.world, row), ...resolved(target, row, sent)],
  }),
};

export const detachNetworkEndpoints: Mutation = {
  httpMethod: 'POST',
  verb: 'detachNetworkEndpoints',
  operationType: 'detachNetworkEndpoints',
  permission: 'detachNetworkEndpoints',
  request: {
    message: 'NetworkEndpointGroupsDetachEndpointsRequest',
    writable: fields('instance ipAddress port', 'networkEndpoints'),
  },
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    const there = liveEndpoints(target.world, row);
    for (const endpoint of objectsAt(sent, 'networkEndpoints')) {
      if (!there.some((other) => isMeant(endpoint, other))) {
        throw notFound(`${target.key}/${stringAt(endpoint, 'ipAddress') ?? stringAt(endpoint, 'instance') ?? ''}`);
      }
    }
    return row.body;
  },
  hide(target, row, sent) {
    const gone = objectsAt(sent, 'networkEndpoints');
    const kept = liveEndpoints(target.world, row).filter((there) => !gone.some((one) => isMeant(one, there)));
    return { ...row.hidden, endpoints: kept };
  },
};

export const listNetworkEndpoints: ReadCall = {
  httpMethod: 'POST',
  verb: 'listNetworkEndpoints',
  request: { message: 'NetworkEndpointGroupsListEndpointsRequest', writable: ['healthStatus'] },
  answer(target, row, request) {
    const withHealth = request.body['healthStatus'] === 'SHOW';
    const page = takePage(
      (after) => positioned(liveEndpoints(target.world, row), after),
      pageRequest(request.query),
      filterPredicate(request.query.get('filter')),
    );
    const items = page.items.map(({ body }) => ({
      networkEndpoint: shown(body),
      ...(withHealth ? { healths: endpointHealth(target.world, target.key, body) } : {}),
    }));
    return {
      kind: 'compute#networkEndpointGroupsListNetworkEndpoints',
      id: `${target.key}/listNetworkEndpoints`,
      ...(items.length === 0 ? {} : { items }),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    };
  },
};

function* positioned(endpoints: readonly JsonObject[], after: string | undefined) {
  for (const [index, body] of endpoints.entries()) {
    const position = String(index).padStart(6, '0');
    if (after === undefined || position > after) yield { position, body };
  }
}

function shown({ instanceId: _ours, ...endpoint }: JsonObject): JsonObject {
  return endpoint;
}

/** The endpoints of an attach request with what the server fills in; 400 or 404 for what cannot be attached. */
function resolved(target: Target, row: ResourceRow, sent: JsonObject): readonly JsonObject[] {
  const wanted = objectsAt(sent, 'networkEndpoints');
  if (wanted.length === 0) throw requiredField('resource.networkEndpoints');
  if (wanted.length > MAX_AT_ONCE) {
    const why = `At most ${MAX_AT_ONCE} can be attached at once.`;
    throw invalidValue('resource.networkEndpoints', `${wanted.length} endpoints`, why);
  }
  return wanted.map((endpoint, index) => {
    const at = `resource.networkEndpoints[${index}]`;
    checkNumber(endpoint, 'port', 1, 65_535, at);
    const port = numberAt(endpoint, 'port') ?? numberAt(row.body, 'defaultPort');
    if (port === undefined) throw requiredField(`${at}.port`);
    const isMachine = row.body['networkEndpointType'] === 'GCE_VM_IP_PORT';
    return isMachine ? onMachine(target, row, endpoint, port, at) : elsewhere(endpoint, port, at);
  });
}

function onMachine(target: Target, row: ResourceRow, endpoint: JsonObject, port: number, at: string): JsonObject {
  const reference = stringAt(endpoint, 'instance');
  if (reference === undefined) throw requiredField(`${at}.instance`);
  const isName = !reference.includes('/');
  const key = keyTo(target, isName ? `instances/${reference}` : reference, `${at}.instance`, 'instances');
  const instance = target.world.database.get('resource', key);
  if (instance === undefined) throw notFound(key);
  const network = referredKey(stringAt(row.body, 'network'));
  const nic = interfacesOf(instance).find(({ networkKey }) => networkKey === network);
  if (nic?.internal === undefined) {
    throw invalidValue(`${at}.instance`, reference, 'The instance has no interface in the network of the group.');
  }
  const ipAddress = stringAt(endpoint, 'ipAddress') ?? nic.internal;
  if (ipAddress !== nic.internal) {
    throw invalidValue(`${at}.ipAddress`, ipAddress, 'The address is not one of the instance in this network.');
  }
  return { ...endpoint, instance: linkOf(key), instanceId: instance.body['id'], ipAddress, port };
}

function elsewhere(endpoint: JsonObject, port: number, at: string): JsonObject {
  const ipAddress = stringAt(endpoint, 'ipAddress');
  if (ipAddress === undefined) throw requiredField(`${at}.ipAddress`);
  if (parseIpv4(ipAddress) === undefined) throw invalidValue(`${at}.ipAddress`, ipAddress, 'Must be an IPv4 address.');
  return { ...endpoint, port };
}

function isSame(left: JsonObject, right: JsonObject): boolean {
  return ['instance', 'ipAddress', 'port'].every((field) => sameJson(left[field], right[field]));
}

/** Whether a detach request means this endpoint: everything it says must be so. */
function isMeant(wanted: JsonObject, there: JsonObject): boolean {
  const given = stringAt(wanted, 'instance');
  const name = given === undefined ? undefined : given.slice(given.lastIndexOf('/') + 1);
  const isMachine = name === undefined || stringAt(there, 'instance')?.endsWith(`/instances/${name}`) === true;
  const same = (field: string) => wanted[field] === undefined || sameJson(wanted[field], there[field]);
  return isMachine && same('ipAddress') && same('port');
}
