import type { Network } from '../../../sdk/main.ts';
import { instanceParts } from '../../live/instance-parts.ts';
import { useLiveOf } from '../../live/use-live-of.ts';
import { isOn } from '../../models/topology.ts';

/** Parts that say what uses a network, and who owns it. */
const userParts = {
  metadata: { name: true, namespace: true, uid: true, resourceVersion: true, ownerReferences: true },
};
const interfaces = { networkInterfaces: { network: true } };

/** What is on a network and what uses it, live. */
export function useNetworkParts(network: Network) {
  const { namespace, name } = network.metadata;
  const own = { namespace };
  const contexts = useLiveOf('networkContexts', own).objects.filter(({ spec }) => spec.network.name === name);
  const contextNames = new Set(contexts.map(({ metadata }) => metadata.name));
  const subnets = useLiveOf('subnets', own).objects.filter(({ spec }) => contextNames.has(spec.networkContext.name));
  // Those of other namespaces may be on it, too.
  const instances = useLiveOf('instances', { select: instanceParts }).objects.filter((each) => isOn(each, network));
  const workloads = useLiveOf('workloads', {
    select: { ...userParts, spec: { template: { spec: interfaces } } },
  }).objects;
  const deployments = useLiveOf('workloadDeployments', { select: userParts }).objects;
  const bindings = useLiveOf('networkBindings', { select: { ...userParts, spec: true } }).objects;
  return { contexts, subnets, instances, workloads, deployments, bindings };
}

export type NetworkParts = ReturnType<typeof useNetworkParts>;
