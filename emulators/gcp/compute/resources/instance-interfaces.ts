import { fingerprintOf } from '../../core/fingerprint.ts';
import type { OperationError } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import type { MachineShape } from '../catalog/machine-shapes.ts';
import { maxInterfaces } from '../catalog/machine-shapes.ts';
import { sharedLink } from '../links.ts';
import type { Target } from '../resource-type.ts';
import type { ChosenAddress } from './interface-addresses.ts';
import { chooseExternal, chooseInternal } from './interface-addresses.ts';
import { ipv6Fields } from './interface-ipv6.ts';
import { placeOf } from './interface-subnetwork.ts';

/** The interfaces of a new instance, the reservations they use, and why its operation will fail, if it will. */
export interface PreparedInterfaces {
  readonly interfaces: readonly JsonObject[];
  readonly reservations: readonly string[];
  readonly failure: OperationError | undefined;
}

export function prepareInterfaces(target: Target, body: JsonObject, shape: MachineShape): PreparedInterfaces {
  const wanted = objectsAt(body, 'networkInterfaces');
  if (wanted.length === 0) throw requiredField('resource.networkInterfaces');
  if (wanted.length > maxInterfaces(shape)) {
    const why = `Machine type ${shape.name} has at most ${maxInterfaces(shape)}.`;
    throw invalidValue('resource.networkInterfaces', `${wanted.length} interfaces`, why);
  }
  const networks = new Set<string>();
  const prepared = wanted.map((wish, index) => {
    const at = `resource.networkInterfaces[${index}]`;
    const one = prepareInterface(target, wish, `nic${index}`, at);
    const network = stringAt(one.body, 'network') ?? '';
    if (networks.has(network)) {
      throw invalidValue(at, network, 'Each network interface must be in a different network.');
    }
    networks.add(network);
    return one;
  });
  return {
    interfaces: prepared.map(({ body: nic }) => nic),
    reservations: prepared.flatMap(({ reservations }) => reservations),
    failure: prepared.find(({ failure }) => failure !== undefined)?.failure,
  };
}

interface PreparedInterface {
  readonly body: JsonObject;
  readonly reservations: readonly string[];
  readonly failure: OperationError | undefined;
}

/** One interface with its addresses. `at` is where it stands in the request. */
export function prepareInterface(target: Target, wish: JsonObject, name: string, at: string): PreparedInterface {
  const place = placeOf(target, wish, at);
  const internal = chooseInternal(target, place, wish, at);
  const configs = objectsAt(wish, 'accessConfigs');
  if (configs.length > 1) throw invalidValue(`${at}.accessConfigs`, `${configs.length}`, 'At most one is allowed.');
  const access = configs.map((config, index) => prepareAccessConfig(target, config, `${at}.accessConfigs[${index}]`));
  const body: JsonObject = {
    kind: 'compute#networkInterface',
    network: place.network,
    subnetwork: sharedLink(place.key),
    ...('address' in internal ? { networkIP: internal.address } : {}),
    name,
    ...ipv6Fields(target.world, place, wish, at),
    ...(wish['nicType'] === undefined ? {} : { nicType: wish['nicType'] }),
    ...(access.length === 0 ? {} : { accessConfigs: access.map((one) => one.body) }),
  };
  const chosen = [internal, ...access.map((one) => one.chosen)];
  return {
    body: withInterfaceFingerprint(body),
    reservations: chosen.flatMap((one) => (one !== undefined && 'address' in one ? (one.reservation ?? []) : [])),
    failure: chosen.flatMap((one) => (one !== undefined && 'failure' in one ? one.failure : []))[0],
  };
}

/** An access configuration with the server's defaults, and its address if it asks for a reserved one. */
export function prepareAccessConfig(
  target: Target,
  config: JsonObject,
  at: string,
): { readonly body: JsonObject; readonly chosen: ChosenAddress | undefined } {
  const { natIP, ...rest } = config;
  const body: JsonObject = {
    kind: 'compute#accessConfig',
    type: 'ONE_TO_ONE_NAT',
    name: 'external-nat',
    networkTier: 'PREMIUM',
    ...rest,
  };
  if (typeof natIP !== 'string' || natIP === '') return { body, chosen: undefined };
  return { body: { ...body, natIP }, chosen: chooseExternal(target, natIP, at) };
}

/** The fingerprint of an interface follows from what a caller can set. */
export function withInterfaceFingerprint({ fingerprint: _old, ...nic }: JsonObject): JsonObject {
  return { ...nic, fingerprint: fingerprintOf(nic) };
}
