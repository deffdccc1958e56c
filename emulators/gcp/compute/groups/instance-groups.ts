import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { apiError, invalidValue, notFound, requiredField } from '../../http/api-error.ts';
import { filterPredicate } from '../../listing/filter.ts';
import { pageRequest, takePage } from '../../listing/page.ts';
import { interfacesOf } from '../firewall-view.ts';
import { linkOf } from '../links.ts';
import { keyTo, referredKeys } from '../references.ts';
import type { ComputeType, LatencyRange, Mutation, ReadCall, Target } from '../resource-type.ts';
import { NAME, checkNumber, requireFingerprint, withFingerprint } from '../rules.ts';
import { oneOf } from '../usage-of.ts';
import { managerOf, membersOf } from './members.ts';

const LATENCY_MS: LatencyRange = [1_000, 4_000];

const setNamedPorts: Mutation = {
  httpMethod: 'POST',
  verb: 'setNamedPorts',
  operationType: 'setNamedPorts',
  request: {
    message: { zone: 'InstanceGroupsSetNamedPortsRequest', region: 'RegionInstanceGroupsSetNamedPortsRequest' },
    writable: ['fingerprint', 'namedPorts.name', 'namedPorts.port'],
  },
  latencyMs: LATENCY_MS,
  apply(_target, { body }, sent) {
    const current = stringAt(body, 'fingerprint') ?? '';
    requireFingerprint(sent['fingerprint'], current, 'resource.fingerprint', 'instance group');
    const { namedPorts: _replaced, ...rest } = body;
    return withFingerprint({ ...rest, ...namedPortsField(sent) });
  },
};

/** `addInstances` and `removeInstances`, for groups that nobody manages. */
function membership(verb: 'addInstances' | 'removeInstances', message: string): Mutation {
  const changed = (target: Target, row: ResourceRow, sent: JsonObject): readonly string[] => {
    const keys = objectsAt(sent, 'instances').map((item, index) =>
      keyTo(target, stringAt(item, 'instance') ?? '', `resource.instances[${index}].instance`, 'instances'),
    );
    const there = stringsAt(row.hidden ?? {}, 'members');
    for (const key of keys) {
      if (target.world.database.get('resource', key) === undefined) throw notFound(key);
      if (there.includes(key) === (verb === 'addInstances')) {
        const state = verb === 'addInstances' ? 'already' : 'not';
        throw apiError(400, 'memberInvalid', `The instance '${key}' is ${state} a member of '${target.key}'.`);
      }
    }
    return verb === 'addInstances' ? [...there, ...keys] : there.filter((key) => !keys.includes(key));
  };
  return {
    httpMethod: 'POST',
    verb,
    operationType: verb,
    scopes: ['zone'],
    request: { message, writable: ['instances.instance'] },
    latencyMs: LATENCY_MS,
    apply(target, row, sent) {
      if (target.world.database.get('resource', managerOf(target.key)) !== undefined) {
        throw apiError(
          400,
          'invalidUsage',
          `The instance group '${target.key}' is managed by an instance group manager.`,
        );
      }
      changed(target, row, sent);
      return row.body;
    },
    hide: (target, row, sent) => ({ ...row.hidden, members: changed(target, row, sent) }),
  };
}

const listInstances: ReadCall = {
  httpMethod: 'POST',
  verb: 'listInstances',
  request: {
    message: { zone: 'InstanceGroupsListInstancesRequest', region: 'RegionInstanceGroupsListInstancesRequest' },
    writable: ['instanceState'],
  },
  answer(target, row, request) {
    const onlyRunning = request.body['instanceState'] === 'RUNNING';
    const namedPorts = row.body['namedPorts'];
    const members = membersOf(target.world, target.key)
      .toSorted()
      .flatMap((key) => {
        const status = target.world.database.get('resource', key)?.body['status'];
        if (onlyRunning && status !== 'RUNNING') return [];
        return [
          {
            position: key,
            body: { instance: linkOf(key), status, ...(namedPorts === undefined ? {} : { namedPorts }) },
          },
        ];
      });
    const page = takePage(
      (after) => members.filter(({ position }) => after === undefined || position > after),
      pageRequest(request.query),
      filterPredicate(request.query.get('filter')),
    );
    const items = page.items.map(({ body }) => body);
    return {
      kind: `compute#${target.scope.kind === 'region' ? 'regionI' : 'i'}nstanceGroupsListInstances`,
      id: `${target.key}/listInstances`,
      ...(items.length === 0 ? {} : { items }),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
      selfLink: linkOf(`${target.key}/listInstances`),
    };
  },
};

/** Groups of machines, as load balancers see them. Those with a manager come and go with it. */
export const instanceGroups: ComputeType = {
  collection: 'instanceGroups',
  kind: 'compute#instanceGroup',
  message: 'InstanceGroup',
  noun: 'instance group',
  scopes: ['zone', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: LATENCY_MS, delete: LATENCY_MS },
  outputOnly: ['fingerprint', 'size', 'zone', 'region', 'subnetwork'],
  indexedFields: ['network'],
  references: ({ body }) => referredKeys(body, 'network'),
  addresses: () => [],
  counted: { fields: [], usage: oneOf('INSTANCE_GROUPS') },
  insert: {
    scopes: ['zone'],
    writable: ['name', 'description', 'network', 'namedPorts.name', 'namedPorts.port'],
    prepare(target, body) {
      const network = stringAt(body, 'network');
      const link =
        network === undefined ? {} : { network: linkOf(keyTo(target, network, 'resource.network', 'networks')) };
      return { body: withFingerprint({ ...body, ...link, ...namedPortsField(body) }) };
    },
  },
  mutations: [
    setNamedPorts,
    membership('addInstances', 'InstanceGroupsAddInstancesRequest'),
    membership('removeInstances', 'InstanceGroupsRemoveInstancesRequest'),
  ],
  reads: [listInstances],
  delete: { inUse: 'at-call', scopes: ['zone'] },
  view: withSize,
};

/** The network and subnetwork of a group are those of its first member. */
function withSize(world: World, key: string, row: ResourceRow): JsonObject {
  const members = membersOf(world, key);
  const first = members[0] === undefined ? undefined : world.database.get('resource', members[0]);
  const nic = first === undefined ? undefined : interfacesOf(first)[0];
  const subnetwork = objectsAt(first?.body ?? {}, 'networkInterfaces')[0]?.['subnetwork'];
  return {
    ...row.body,
    ...(nic === undefined ? {} : { network: linkOf(nic.networkKey) }),
    ...(subnetwork === undefined ? {} : { subnetwork }),
    size: members.length,
  };
}

/** The field `namedPorts`, left out when it is empty; 400 when a name or a port is out of form. */
export function namedPortsField(body: JsonObject): JsonObject {
  const ports = objectsAt(body, 'namedPorts');
  for (const [index, port] of ports.entries()) {
    const at = `resource.namedPorts[${index}]`;
    const name = stringAt(port, 'name') ?? '';
    if (!NAME.test(name)) throw invalidValue(`${at}.name`, name, `Must be a match of regex '${NAME.source}'`);
    if (port['port'] === undefined) throw requiredField(`${at}.port`);
    checkNumber(port, 'port', 1, 65_535, at);
  }
  return ports.length === 0 ? {} : { namedPorts: ports };
}
