import { fingerprintOf } from '../../core/fingerprint.ts';
import type { OperationError } from '../../core/database.ts';
import type { AddressClaim } from '../../core/indexes.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { formatIpv4, parseIpv4 } from '../../net/cidr.ts';
import { EXTERNAL_POOL, EXTERNAL_RANGE } from '../../net/external-addresses.ts';
import { usableRange } from '../../net/subnet-ranges.ts';
import { invalidValue, notFound, notReady, requiredField } from '../../http/api-error.ts';
import type { MachineShape } from '../catalog/machine-shapes.ts';
import { maxInterfaces } from '../catalog/machine-shapes.ts';
import { keyOf, linkOf } from '../links.ts';
import { operationError } from '../operation-errors.ts';
import type { Target } from '../resource-type.ts';
import { regionOfZone } from '../scope.ts';
import { primaryRange } from './subnetwork-ranges.ts';

/** The interfaces of a new instance, and why its operation will fail, if it will. */
export interface PreparedInterfaces {
  readonly interfaces: readonly JsonObject[];
  readonly failure: OperationError | undefined;
}

export function prepareInterfaces(target: Target, body: JsonObject, shape: MachineShape): PreparedInterfaces {
  const wanted = objectsAt(body, 'networkInterfaces');
  if (wanted.length === 0) throw requiredField('resource.networkInterfaces');
  if (wanted.length > maxInterfaces(shape)) {
    throw invalidValue(
      'resource.networkInterfaces',
      `${wanted.length} interfaces`,
      `Machine type ${shape.name} has at most ${maxInterfaces(shape)}.`,
    );
  }
  const networks = new Set<string>();
  let failure: OperationError | undefined;
  const interfaces = wanted.map((wish, index) => {
    const at = `resource.networkInterfaces[${index}]`;
    const { subnetworkKey, subnetwork } = findSubnetwork(target, wish, at);
    const network = stringAt(subnetwork, 'network') ?? '';
    if (networks.has(network))
      throw invalidValue(at, network, 'Each network interface must be in a different network.');
    networks.add(network);
    const address = chooseAddress(target.world, subnetworkKey, subnetwork, wish, at);
    if (typeof address === 'object') failure ??= address;
    return interfaceBody(wish, index, network, subnetworkKey, typeof address === 'number' ? address : undefined);
  });
  return { interfaces, failure };
}

/** The interfaces with an external address for each access configuration that lacks one. */
export function withExternalAddresses(world: World, interfaces: readonly JsonObject[]): readonly JsonObject[] {
  return interfaces.map((nic) =>
    mapAccessConfigs(nic, (config) => {
      const address =
        config['natIP'] === undefined ? world.indexes.pools.nextFree(EXTERNAL_POOL, EXTERNAL_RANGE) : undefined;
      return address === undefined ? config : { ...config, natIP: formatIpv4(address) };
    }),
  );
}

/** An ephemeral address goes when the instance stops. */
export function withoutExternalAddresses(interfaces: readonly JsonObject[]): readonly JsonObject[] {
  return interfaces.map((nic) => mapAccessConfigs(nic, ({ natIP: _released, ...config }) => config));
}

export function interfaceAddresses(nic: JsonObject): readonly AddressClaim[] {
  const claims: AddressClaim[] = [];
  const internal = parseIpv4(stringAt(nic, 'networkIP') ?? '');
  const subnetwork = keyOf(stringAt(nic, 'subnetwork') ?? '', { project: '' });
  if (internal !== undefined && subnetwork !== undefined) claims.push([subnetwork, internal]);
  for (const config of objectsAt(nic, 'accessConfigs')) {
    const external = parseIpv4(stringAt(config, 'natIP') ?? '');
    if (external !== undefined) claims.push([EXTERNAL_POOL, external]);
  }
  return claims;
}

function mapAccessConfigs(nic: JsonObject, change: (config: JsonObject) => JsonObject): JsonObject {
  const configs = objectsAt(nic, 'accessConfigs');
  return configs.length === 0 ? nic : { ...nic, accessConfigs: configs.map(change) };
}

function findSubnetwork(
  target: Target,
  wish: JsonObject,
  at: string,
): { subnetworkKey: string; subnetwork: JsonObject } {
  const { project, scope, world } = target;
  const region = regionOfZone(scope.kind === 'zone' ? scope.name : '');
  const reference = stringAt(wish, 'subnetwork');
  if (reference === undefined) {
    throw invalidValue(`${at}.subnetwork`, '', 'A subnetwork must be specified for a network in custom subnet mode.');
  }
  const key = keyOf(reference, { project });
  if (key === undefined || !key.includes('/subnetworks/')) {
    throw invalidValue(`${at}.subnetwork`, reference, 'The URL is malformed.');
  }
  if (!key.includes(`/regions/${region}/`)) {
    throw invalidValue(
      `${at}.subnetwork`,
      reference,
      `The subnetwork must be in the region of the instance, ${region}.`,
    );
  }
  const row = world.database.get('resource', key);
  if (row === undefined) throw notFound(key);
  if (row.phase !== 'ready') throw notReady(key);
  const network = stringAt(wish, 'network');
  if (network !== undefined && linkOf(keyOf(network, { project }) ?? '') !== row.body['network']) {
    throw invalidValue(`${at}.subnetwork`, reference, `The subnetwork is not in the network '${network}'.`);
  }
  return { subnetworkKey: key, subnetwork: row.body };
}

/** The address asked for, or the first free one; an error is one that shows at the end of the operation. */
function chooseAddress(
  world: World,
  subnetworkKey: string,
  subnetwork: JsonObject,
  wish: JsonObject,
  at: string,
): number | OperationError {
  const usable = usableRange(primaryRange(subnetwork));
  const text = stringAt(wish, 'networkIP');
  if (text === undefined) {
    const free = world.indexes.pools.firstFree(subnetworkKey, usable);
    return free ?? operationError('IP_SPACE_EXHAUSTED_WITH_DETAILS', `IP space of '${subnetworkKey}' is exhausted.`);
  }
  const address = parseIpv4(text);
  if (address === undefined) throw invalidValue(`${at}.networkIP`, text, 'Must be a valid IPv4 address.');
  if (address < usable.first || address > usable.last) {
    throw invalidValue(
      `${at}.networkIP`,
      text,
      'Requested internal IP address is outside the subnetwork CIDR range or reserved.',
    );
  }
  if (!world.indexes.pools.isTaken(subnetworkKey, address)) return address;
  return operationError('IP_IN_USE_BY_ANOTHER_RESOURCE', `IP '${text}' is already being used by another resource.`);
}

function interfaceBody(
  wish: JsonObject,
  index: number,
  network: string,
  subnetworkKey: string,
  address: number | undefined,
): JsonObject {
  const accessConfigs = objectsAt(wish, 'accessConfigs').map((config) => ({
    kind: 'compute#accessConfig',
    type: 'ONE_TO_ONE_NAT',
    name: 'external-nat',
    networkTier: 'PREMIUM',
    ...config,
  }));
  const body: JsonObject = {
    kind: 'compute#networkInterface',
    network,
    subnetwork: linkOf(subnetworkKey),
    ...(address === undefined ? {} : { networkIP: formatIpv4(address) }),
    name: `nic${index}`,
    stackType: 'IPV4_ONLY',
    ...(wish['nicType'] === undefined ? {} : { nicType: wish['nicType'] }),
    ...(accessConfigs.length === 0 ? {} : { accessConfigs }),
  };
  return { ...body, fingerprint: fingerprintOf(body) };
}
