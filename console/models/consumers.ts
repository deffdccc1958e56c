import type { Instance, Network, NetworkBinding, Workload, WorkloadDeployment } from '../../sdk/main.ts';

/** An object that uses a network, and how much. */
export interface Consumer {
  readonly kind: 'Workload' | 'Instance' | 'NetworkBinding';
  readonly namespace: string | undefined;
  readonly name: string;
  /** What it uses it for, in words. */
  readonly use: string;
}

interface Users {
  readonly workloads: readonly Workload[];
  readonly deployments: readonly WorkloadDeployment[];
  readonly instances: readonly Instance[];
  readonly bindings: readonly NetworkBinding[];
}

/**
 * Who uses a network: each that nobody else on the list stands for. So instances of a workload are counted with it, and
 * bindings of its deployments, too.
 */
export function consumersOf(network: Network, { workloads, deployments, instances, bindings }: Users): Consumer[] {
  const uses = ({ metadata, spec }: Pick<Instance, 'metadata' | 'spec'>): boolean =>
    spec.networkInterfaces.some((each) => isNetwork(network, each.network, metadata.namespace));
  const users = workloads.filter(({ metadata, spec }) => uses({ metadata, spec: spec.template.spec }));
  const userUids = new Set(users.map(({ metadata }) => metadata.uid));
  const deploymentsOf = Map.groupBy(deployments, (each) => ownerOf(each));
  const known = new Set(deployments.filter((each) => userUids.has(ownerOf(each))).map(({ metadata }) => metadata.uid));
  const onIt = instances.filter(uses);
  const counts = Map.groupBy(onIt, (each) => ownerOf(each));
  const named = (kind: Consumer['kind'], { metadata }: Pick<Instance, 'metadata'>, use: string): Consumer => ({
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    use,
  });
  return [
    ...users.map((workload) => {
      const own = deploymentsOf.get(workload.metadata.uid) ?? [];
      const count = own.reduce((sum, { metadata }) => sum + (counts.get(metadata.uid)?.length ?? 0), 0);
      return named('Workload', workload, countText(count, 'instance'));
    }),
    ...onIt
      .filter((instance) => !known.has(ownerOf(instance)))
      .map((instance) => named('Instance', instance, 'on its own')),
    ...bindings
      .filter(({ metadata, spec }) => isNetwork(network, spec.network, metadata.namespace))
      .filter((binding) => !known.has(ownerOf(binding)))
      .map((binding) => named('NetworkBinding', binding, `in ${binding.spec.location.name}`)),
  ].toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}

/** `1 instance`, `3 instances`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function isNetwork(
  { metadata }: Network,
  to: { readonly name: string; readonly namespace?: string | null },
  from: string | undefined,
): boolean {
  return to.name === metadata.name && (to.namespace ?? from) === metadata.namespace;
}

function ownerOf({ metadata }: Pick<Instance, 'metadata'>): string {
  return metadata.ownerReferences?.find(({ controller }) => controller)?.uid ?? '';
}
