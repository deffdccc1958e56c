import type { Instance, Workload } from '../../kinds/generated/types.ts';
import { instanceType } from '../../kinds/compute/instance-types.ts';
import { objectCountName } from '../../kinds/core/quota-rules.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';

/** Amounts by what is counted: `count/secrets`, `cpu` in cores, `memory` in bytes. What is given back is negative. */
export type Costs = Readonly<Record<string, number>>;

const gib = 2 ** 30;

/** What an object has of everything that limits count, internal addresses apart, which are given later. */
function costsOf(kind: Kind, object: Resource): Costs {
  const objects = { [objectCountName(kind)]: 1 };
  switch (kind.id) {
    case 'Instance': {
      const { runtime, networkInterfaces } = (object as unknown as Instance).spec;
      const size = instanceType(runtime.resources.instanceType);
      return {
        ...objects,
        machines: 1,
        cpu: size?.cpus ?? 0,
        memory: (size?.memoryGib ?? 0) * gib,
        // Each interface has an external address.
        addresses: networkInterfaces.length,
      };
    }
    case 'Workload':
      return (object as unknown as Workload).spec.gateway ? { ...objects, addresses: 1 } : objects;
    default:
      return objects;
  }
}

/** What a write costs: what there is after it, without what was there before. Empty where that is the same. */
export function costsOfChange(kind: Kind, after: Resource | undefined, before: Resource | undefined): Costs {
  const next = after === undefined ? {} : costsOf(kind, after);
  const previous = before === undefined ? {} : costsOf(kind, before);
  const costs: Record<string, number> = {};
  for (const name of new Set([...Object.keys(next), ...Object.keys(previous)])) {
    const difference = (next[name] ?? 0) - (previous[name] ?? 0);
    if (difference !== 0) costs[name] = difference;
  }
  return costs;
}
