import { useMemo } from 'react';
import type { Network } from '../../../sdk/main.ts';
import { instanceParts } from '../../live/instance-parts.ts';
import { useLiveOf } from '../../live/use-live-of.ts';
import { isOn } from '../../models/topology.ts';

/** Parts that say what uses a network, and who owns it. */
const userParts = {
  metadata: { name: true, namespace: true, uid: true, resourceVersion: true, ownerReferences: true },
};
const interfaces = { networkInterfaces: { network: true } };

/** Where a network is present, its subnets, and the instances on it, live. Parts that did not change stay the same. */
export function useNetworkParts(network: Network) {
  const { namespace, name } = network.metadata;
  const contexts = useLiveOf('networkContexts', { namespace }).objects;
  const subnets = useLiveOf('subnets', { namespace }).objects;
  // Those of other namespaces may be on it, too.
  const instances = useLiveOf('instances', { select: instanceParts }).objects;
  const own = useMemo(() => contexts.filter(({ spec }) => spec.network.name === name), [contexts, name]);
  return {
    contexts: own,
    subnets: useMemo(() => {
      const names = new Set(own.map(({ metadata }) => metadata.name));
      return subnets.filter(({ spec }) => names.has(spec.networkContext.name));
    }, [own, subnets]),
    instances: useMemo(
      () => instances.filter((each) => isOn(each, { metadata: { namespace, name } })),
      [instances, namespace, name],
    ),
  };
}

export type NetworkParts = ReturnType<typeof useNetworkParts>;

/** What may use networks besides instances, live. */
export function useNetworkUsers() {
  return {
    workloads: useLiveOf('workloads', { select: { ...userParts, spec: { template: { spec: interfaces } } } }).objects,
    deployments: useLiveOf('workloadDeployments', { select: userParts }).objects,
    bindings: useLiveOf('networkBindings', { select: { ...userParts, spec: true } }).objects,
  };
}
