import type { InstanceMode, Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { RequestContext } from '../../store/types.ts';
import { networkName, subnetworkName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { isTrue } from '../objects/condition.ts';
import { ipv4SubnetAnnotation } from '../objects/labels.ts';
import { groupSubnetClass } from '../objects/subnet-classes.ts';
import { isDeleting } from '../objects/owner.ts';

/** A network in an instance's location, as far as an interface needs it. */
export interface InterfacePlace {
  /** VPC network. */
  readonly network: string;
  /** IPv4 subnets, oldest first. */
  readonly subnets: readonly InterfaceSubnet[];
  /** Whether IPv6 addresses there are of the internet. */
  readonly hasExternalIpv6: boolean;
}

export interface InterfaceSubnet {
  readonly uid: string;
  readonly subnetwork: string;
  /** Whether addresses can come from it now; those that are given stay while it changes or waits to go. */
  readonly usable: boolean;
  /** It is being deleted. */
  readonly leaves: boolean;
  /** Uid of the IPv6 subnet that shares the subnetwork, once that has IPv6. */
  readonly ipv6: string | undefined;
}

/**
 * What many instances have in common. Only what is there is remembered, and only for moments, so that the instances of a
 * rollout do not each read it; what turns out wrong makes the cloud or the address management refuse, and is read again.
 */
export interface Surroundings {
  /** Where the instance is to run; undefined when that is not this provider's to serve. */
  place(context: RequestContext, location: Key): Promise<Place | undefined>;
  /** Undefined while the network has no subnet in the location. */
  network(
    context: RequestContext,
    network: Key,
    location: Key,
    mode?: InstanceMode,
  ): Promise<InterfacePlace | undefined>;
  /** Forgets everything. */
  clear(): void;
}

const rememberedForMs = 3_000;

export function createSurroundings(deps: GcpDeps, now: () => number = Date.now): Surroundings {
  const known = new Map<string, { readonly untilMs: number; readonly value: unknown }>();

  async function remembered<T>(
    key: string,
    read: () => Promise<T | undefined>,
    isWhole: (value: T) => boolean = () => true,
  ): Promise<T | undefined> {
    const entry = known.get(key);
    // Each key is only ever used with one type.
    if (entry !== undefined && entry.untilMs > now()) return entry.value as T;
    const value = await read();
    if (known.size > 1_000) known.clear();
    if (value === undefined || !isWhole(value)) known.delete(key);
    else known.set(key, { untilMs: now() + rememberedForMs, value });
    return value;
  }

  return {
    place: (context, location) =>
      remembered(`${context.project} place ${location.namespace}/${location.name}`, async () =>
        placeOf(await deps.store.get(context, 'Location', location), deps.locationClass),
      ),
    network: (context, network, location, mode = 'Direct') =>
      remembered(
        `${context.project} network ${network.namespace}/${network.name} in ${location.namespace}/${location.name} ${mode}`,
        () => readNetwork(deps, context, { network, location, mode }),
        ({ subnets }) => subnets.some(({ usable }) => usable),
      ),
    clear: () => known.clear(),
  };
}

async function readNetwork(
  deps: GcpDeps,
  context: RequestContext,
  { network: key, location, mode }: { readonly network: Key; readonly location: Key; readonly mode: InstanceMode },
): Promise<InterfacePlace | undefined> {
  const [network, contexts] = await Promise.all([
    deps.store.get(context, 'Network', key),
    deps.store.list(context, 'NetworkContext', { refersTo: { kind: 'Network', ...key } }),
  ]);
  const here = contexts.items.find(
    ({ spec }) => spec.location.name === location.name && spec.location.namespace === location.namespace,
  );
  if (network === undefined || here === undefined || !isTrue(here, 'Programmed')) return undefined;
  const { items } = await deps.store.list(context, 'Subnet', {
    refersTo: { kind: 'NetworkContext', ...keyOf(here) },
    order: 'created',
  });
  const subnets = items
    .filter(
      (subnet) =>
        subnet.spec.ipFamily === 'IPv4' && (subnet.spec.subnetClass === groupSubnetClass) === (mode === 'Group'),
    )
    .map((subnet) => ({
      uid: subnet.metadata.uid,
      subnetwork: subnetworkName(subnet.metadata.uid),
      usable: isTrue(subnet, 'Programmed') && !isDeleting(subnet),
      leaves: isDeleting(subnet),
      ipv6: ipv6Uid(subnet, items),
    }));
  if (subnets.length === 0) return undefined;
  const hasExternalIpv6 = network.spec.ipv6Access === 'External';
  return { network: networkName(network.metadata.uid), subnets, hasExternalIpv6 };
}

function ipv6Uid({ metadata: { name } }: Subnet, beside: readonly Subnet[]): string | undefined {
  const found = beside.find(
    (one) =>
      one.spec.ipFamily === 'IPv6' &&
      one.metadata.annotations?.[ipv4SubnetAnnotation] === name &&
      isTrue(one, 'Programmed') &&
      !isDeleting(one),
  );
  return found?.metadata.uid;
}
