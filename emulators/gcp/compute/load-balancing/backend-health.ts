import type { ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { invalidValue } from '../../http/api-error.ts';
import { judge } from '../../net/reachability.ts';
import type { Interface } from '../firewall-view.ts';
import { interfacesOf, outside, rulesOf } from '../firewall-view.ts';
import { membersOf } from '../groups/members.ts';
import { linkOf } from '../links.ts';
import { keyTo, referredKey } from '../references.ts';
import type { ReadCall } from '../resource-type.ts';
import { liveEndpoints } from './live-endpoints.ts';
import type { Probe } from './health-checks.ts';
import { probeOf } from './health-checks.ts';

/** One address of each range that Google probes from. */
const PROBERS = ['35.191.0.1', '130.211.0.1'];

type Health = 'HEALTHY' | 'UNHEALTHY';

/** `getHealth` of a backend service: what its health check finds at each member of one of its groups. */
export const getHealth: ReadCall = {
  httpMethod: 'POST',
  verb: 'getHealth',
  request: { message: 'ResourceGroupReference', writable: ['group'] },
  answer(target, row, request) {
    const group = stringAt(request.body, 'group') ?? '';
    const groupKey = keyTo(target, group, 'resource.group', 'instanceGroups', 'networkEndpointGroups');
    const backends = objectsAt(row.body, 'backends').map((backend) => referredKey(stringAt(backend, 'group')));
    if (!backends.includes(groupKey)) {
      throw invalidValue('resource.group', group, 'The group is not a backend of the backend service.');
    }
    const healthStatus = healthOfGroup(target.world, row, groupKey);
    return {
      kind: 'compute#backendServiceGroupHealth',
      ...(healthStatus.length === 0 ? {} : { healthStatus }),
    };
  },
};

/** The health of one endpoint, for each backend service that its group belongs to. */
export function endpointHealth(world: World, groupKey: string, endpoint: JsonObject): Json {
  return [...world.indexes.users(groupKey)].toSorted().flatMap((serviceKey) => {
    const service = world.database.get('resource', serviceKey);
    const probe = service === undefined ? undefined : probeIn(world, service);
    if (probe === undefined) return [];
    const healthState = stateOfEndpoint(world, endpoint, probe);
    return [{ backendService: { backendService: linkOf(serviceKey) }, healthState }];
  });
}

/** Whether a check finds a machine healthy: it runs, its guest answers, and the firewall lets the probes in. */
export function machineHealth(
  world: World,
  row: ResourceRow,
  nic: Interface | undefined,
  port: number | undefined,
): Health {
  const isUp = row.body['status'] === 'RUNNING' && objectAt(row.hidden ?? {}, 'guest')['healthy'] !== false;
  if (!isUp || nic?.internal === undefined) return 'UNHEALTHY';
  const rules = rulesOf(world, nic.networkKey);
  const destination = { address: nic.internal, tags: nic.tags, serviceAccounts: nic.serviceAccounts };
  const admitted = PROBERS.every(
    (prober) => judge(rules, 'INGRESS', { source: outside(prober), destination, protocol: 'tcp', port }).allowed,
  );
  return admitted ? 'HEALTHY' : 'UNHEALTHY';
}

function healthOfGroup(world: World, service: ResourceRow, groupKey: string): readonly JsonObject[] {
  const probe = probeIn(world, service);
  const group = world.database.get('resource', groupKey);
  if (probe === undefined || group === undefined) return [];
  if (group.type === 'networkEndpointGroups') {
    return liveEndpoints(world, group).map((endpoint) => ({
      ...(endpoint['instance'] === undefined ? {} : { instance: endpoint['instance'] }),
      ipAddress: endpoint['ipAddress'],
      port: endpoint['port'],
      healthState: stateOfEndpoint(world, endpoint, probe),
    }));
  }
  const serving = namedPort(group, stringAt(service.body, 'portName')) ?? numberAt(service.body, 'port');
  const port = probe.port ?? namedPort(group, probe.portName) ?? serving;
  return membersOf(world, groupKey).flatMap((key) => {
    const machine = world.database.get('resource', key);
    if (machine === undefined) return [];
    const nic = interfacesOf(machine)[0];
    return [
      {
        instance: linkOf(key),
        ...(nic?.internal === undefined ? {} : { ipAddress: nic.internal }),
        port: serving,
        healthState: machineHealth(world, machine, nic, port),
      },
    ];
  });
}

function stateOfEndpoint(world: World, endpoint: JsonObject, probe: Probe): Health {
  const key = referredKey(stringAt(endpoint, 'instance'));
  const machine = key === undefined ? undefined : world.database.get('resource', key);
  // What is elsewhere answers: nothing here could say otherwise.
  if (machine === undefined) return 'HEALTHY';
  const nic = interfacesOf(machine).find(({ internal }) => internal === endpoint['ipAddress']);
  return machineHealth(world, machine, nic, probe.port ?? numberAt(endpoint, 'port'));
}

function probeIn(world: World, service: ResourceRow): Probe | undefined {
  const key = referredKey(stringsAt(service.body, 'healthChecks')[0]);
  const check = key === undefined ? undefined : world.database.get('resource', key);
  return check === undefined ? undefined : probeOf(check.body);
}

function namedPort(group: ResourceRow, name: string | undefined): number | undefined {
  const found = objectsAt(group.body, 'namedPorts').find((port) => port['name'] === name);
  return found === undefined ? undefined : numberAt(found, 'port');
}
