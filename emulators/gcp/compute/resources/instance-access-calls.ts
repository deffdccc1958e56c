import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { apiError, invalidValue, requiredField } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import type { LatencyRange, Mutation, Target } from '../resource-type.ts';
import { requireFingerprint } from '../rules.ts';
import { withExternalAddresses } from './interface-addresses.ts';
import { ipv6Fields } from './interface-ipv6.ts';
import { placeOf } from './interface-subnetwork.ts';
import { withInstanceFingerprint } from './instance-insert.ts';
import { prepareAccessConfig, prepareInterface, withInterfaceFingerprint } from './instance-interfaces.ts';
import { requireStopped } from './instance-setters.ts';
import { reservationOf } from './reservations.ts';

const LATENCY_MS: LatencyRange = [3_000, 10_000];

const addAccessConfig: Mutation = {
  httpMethod: 'POST',
  verb: 'addAccessConfig',
  operationType: 'addAccessConfig',
  permission: 'addAccessConfig',
  parameters: ['networkInterface'],
  request: { message: 'AccessConfig', writable: fields('name type networkTier natIP kind') },
  latencyMs: LATENCY_MS,
  apply(target, row, { '?networkInterface': _name, ...config }) {
    const nic = interfaceNamed(row, _name);
    if (objectsAt(nic, 'accessConfigs').length > 0) {
      const message = `At most one access config currently supported for '${target.key}'.`;
      throw apiError(400, 'invalid', message);
    }
    const { body, chosen } = prepareAccessConfig(target, config, 'resource');
    if (chosen !== undefined && 'failure' in chosen) {
      throw invalidValue('resource.natIP', config['natIP'], chosen.failure.message);
    }
    const changed = withInterfaceFingerprint({ ...nic, accessConfigs: [body] });
    const isUp = row.body['status'] !== 'TERMINATED' && row.body['status'] !== 'SUSPENDED';
    return replaced(row, nic, isUp ? (withExternalAddresses(target.world, [changed])[0] ?? changed) : changed);
  },
  hide(target, row, { natIP }) {
    const reservation = typeof natIP === 'string' ? reservationOf(target, natIP, undefined) : undefined;
    if (reservation === undefined) return row.hidden ?? {};
    return { ...row.hidden, addresses: [...stringsAt(row.hidden ?? {}, 'addresses'), reservation.key] };
  },
};

const deleteAccessConfig: Mutation = {
  httpMethod: 'POST',
  verb: 'deleteAccessConfig',
  operationType: 'deleteAccessConfig',
  permission: 'deleteAccessConfig',
  parameters: ['accessConfig', 'networkInterface'],
  latencyMs: LATENCY_MS,
  apply(_target, row, sent) {
    const { nic, config } = accessConfigOf(row, sent);
    const { accessConfigs, ...rest } = nic;
    const left = objectsAt({ accessConfigs }, 'accessConfigs').filter((other) => other !== config);
    return replaced(row, nic, withInterfaceFingerprint(left.length === 0 ? rest : { ...rest, accessConfigs: left }));
  },
  hide(target, row, sent) {
    const natIP = stringAt(accessConfigOf(row, sent).config, 'natIP');
    const released = natIP === undefined ? undefined : reservationOf(target, natIP, undefined)?.key;
    const { addresses, ...rest } = row.hidden ?? {};
    const left = stringsAt({ addresses }, 'addresses').filter((key) => key !== released);
    return left.length === 0 ? rest : { ...rest, addresses: left };
  },
};

const updateNetworkInterface: Mutation = {
  httpMethod: 'PATCH',
  verb: 'updateNetworkInterface',
  operationType: 'updateNetworkInterface',
  permission: 'updateNetworkInterface',
  parameters: ['networkInterface'],
  request: {
    message: 'NetworkInterface',
    writable: [...fields('fingerprint stackType network subnetwork networkIP kind name'), 'ipv6AccessConfigs'],
  },
  latencyMs: LATENCY_MS,
  apply(target, row, { '?networkInterface': name, fingerprint, ...sent }) {
    const nic = interfaceNamed(row, name);
    requireFingerprint(fingerprint, stringAt(nic, 'fingerprint') ?? '', 'resource.fingerprint', 'network interface');
    const moves = ['network', 'subnetwork', 'networkIP'].some(
      (field) => sent[field] !== undefined && sent[field] !== nic[field],
    );
    return replaced(row, nic, moves ? moved(target, row, nic, sent) : restacked(target, nic, sent));
  },
};

export const ACCESS_CALLS: readonly Mutation[] = [addAccessConfig, deleteAccessConfig, updateNetworkInterface];

/** The interface in another place, with an address there. */
function moved(target: Target, row: ResourceRow, nic: JsonObject, sent: JsonObject): JsonObject {
  requireStopped(target, row, 'The network of an interface');
  const { networkIP: _left, accessConfigs, nicType, stackType, network: _network, subnetwork } = nic;
  const wish = { subnetwork, stackType, nicType, ...sent };
  const { body, failure } = prepareInterface(target, wish, stringAt(nic, 'name') ?? '', 'resource');
  if (failure !== undefined) throw apiError(400, 'invalid', failure.message);
  return withInterfaceFingerprint({ ...body, ...(accessConfigs === undefined ? {} : { accessConfigs }) });
}

/** The interface with or without IPv6. */
function restacked(target: Target, nic: JsonObject, sent: JsonObject): JsonObject {
  const wanted = stringAt(sent, 'stackType');
  if (wanted === undefined || wanted === nic['stackType']) return withInterfaceFingerprint(nic);
  const { ipv6Address: _a, internalIpv6PrefixLength: _l, ipv6AccessType: _t, ipv6AccessConfigs: _c, ...rest } = nic;
  const place = placeOf(target, nic, 'resource');
  return withInterfaceFingerprint({ ...rest, ...ipv6Fields(target.world, place, sent, 'resource') });
}

function accessConfigOf(row: ResourceRow, sent: JsonObject): { nic: JsonObject; config: JsonObject } {
  const nic = interfaceNamed(row, sent['?networkInterface']);
  const name = sent['?accessConfig'];
  if (name === undefined) throw requiredField('accessConfig');
  const config = objectsAt(nic, 'accessConfigs').find((one) => one['name'] === name);
  if (config === undefined) throw invalidValue('accessConfig', name, 'The interface has no such access config.');
  return { nic, config };
}

function interfaceNamed(row: ResourceRow, name: JsonObject[string]): JsonObject {
  if (name === undefined) throw requiredField('networkInterface');
  const nic = objectsAt(row.body, 'networkInterfaces').find((one) => one['name'] === name);
  if (nic === undefined) throw invalidValue('networkInterface', name, 'The instance has no such interface.');
  return nic;
}

function replaced(row: ResourceRow, nic: JsonObject, changed: JsonObject): JsonObject {
  const networkInterfaces = objectsAt(row.body, 'networkInterfaces').map((one) => (one === nic ? changed : one));
  return withInstanceFingerprint({ ...row.body, networkInterfaces });
}
