import type { Instance, NetworkBinding, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import { isDeleting } from '../objects/owner.ts';
import { interfaceIndexLabel } from '../objects/labels.ts';

/** A network binding that is to be created, for one interface of the template. */
export interface BindingWish {
  readonly index: number;
  readonly network: Key;
}

export interface BindingSteps {
  readonly create: readonly BindingWish[];
  readonly remove: readonly NetworkBinding[];
  /** Binding of each interface, in order; undefined while there is none. */
  readonly current: readonly (NetworkBinding | undefined)[];
}

/** Network that each interface names; without a namespace that of the deployment is meant. */
function networksOf(owner: Pick<WorkloadDeployment | Instance, 'metadata'>, spec: Instance['spec']): Key[] {
  return spec.networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? owner.metadata.namespace ?? '',
    name: network.name,
  }));
}

/**
 * One binding per interface. A binding for another network than the template's stays while an instance still has an
 * interface there, since a network leaves a location with its last binding.
 */
export function bindingSteps(
  deployment: WorkloadDeployment,
  bindings: readonly NetworkBinding[],
  instances: readonly Instance[],
): BindingSteps {
  const location = deployment.status?.location;
  const left = new Set(bindings);
  const current: (NetworkBinding | undefined)[] = [];
  const create: BindingWish[] = [];
  for (const [index, network] of networksOf(deployment, deployment.spec.template.spec).entries()) {
    const fitting = bindings.filter(
      (binding) =>
        binding.metadata.labels?.[interfaceIndexLabel] === String(index) && isFor(binding, network, location),
    );
    const binding = fitting.find((one) => !isDeleting(one));
    current.push(binding);
    if (binding === undefined && fitting.length === 0) create.push({ index, network });
    if (binding !== undefined) left.delete(binding);
  }
  const used = instances.flatMap((instance) => networksOf(instance, instance.spec));
  const isUsed = (binding: NetworkBinding): boolean => used.some((key) => sameKey(key, networkOf(binding)));
  const remove = [...left].filter(
    (binding) => !isDeleting(binding) && (isDuplicate(binding, current) || !isUsed(binding)),
  );
  return { create, remove, current };
}

/** Whether a binding brings this network to this location. */
export function isFor(binding: NetworkBinding, network: Key, location: Key | undefined): boolean {
  return location !== undefined && sameKey(networkOf(binding), network) && sameKey(binding.spec.location, location);
}

export function networkOf(binding: NetworkBinding): Key {
  return {
    namespace: binding.spec.network.namespace ?? binding.metadata.namespace ?? '',
    name: binding.spec.network.name,
  };
}

/** Whether another binding already keeps the network in the location. */
function isDuplicate(binding: NetworkBinding, current: readonly (NetworkBinding | undefined)[]): boolean {
  return current.some((one) => one !== undefined && sameKey(networkOf(one), networkOf(binding)));
}

function sameKey(a: Key, b: Key): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
