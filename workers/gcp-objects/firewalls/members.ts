import type { Instance, NetworkPolicyPeer } from '../../../kinds/generated/types.ts';
import { selectsLabels } from '../../../kinds/label-selector.ts';
import type { Key } from '../../../kinds/object.ts';
import type { PeerRule } from '../../clouds/gcp/firewall-policy/compile.ts';

/** An instance on a network, with the addresses that it has there. */
export interface Member {
  readonly instance: Instance;
  readonly addresses: readonly string[];
}

/** Networks of an instance's interfaces, in order. */
export function networksOf({ metadata, spec }: Instance): Key[] {
  return spec.networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? metadata.namespace ?? '',
    name: network.name,
  }));
}

/** The instances that are on a network and stay there. One that goes is nobody's peer any more. */
export function membersOf(network: Key, instances: readonly Instance[]): Member[] {
  return instances
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((instance) => ({ instance, addresses: addressesOn(network, instance) }));
}

function addressesOn(network: Key, instance: Instance): string[] {
  return networksOf(instance).flatMap(({ namespace, name }, index) => {
    if (namespace !== network.namespace || name !== network.name) return [];
    const { networkIP, networkIPv6 } = instance.status?.networkInterfaces?.[index]?.assignments ?? {};
    return [networkIP, networkIPv6].flatMap((address) => (address ? [address] : []));
  });
}

/** Peers as ranges of addresses; none at all mean everyone, and a selector that selects nobody means nobody. */
export function peersAmong(
  members: readonly Member[],
  peers: readonly NetworkPolicyPeer[] | undefined,
): Pick<PeerRule, 'peers' | 'hosts'> {
  if (peers === undefined || peers.length === 0) return { peers: 'everyone', hosts: [] };
  const blocks = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : []));
  const selectors = peers.flatMap(({ instanceSelector }) => (instanceSelector ? [instanceSelector] : []));
  const hosts = members
    .filter(({ instance }) => selectors.some((selector) => selectsLabels(selector, instance.metadata.labels)))
    .flatMap(({ addresses }) => addresses)
    .toSorted();
  return { peers: blocks, hosts };
}
