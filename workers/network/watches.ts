import type { Instance, NetworkBinding, Subnet } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { controllerOf } from '../objects/owner.ts';
import { workerContext } from '../objects/worker-context.ts';
import type { Watch } from '../runtime/controller.ts';

export const name = 'network';

/** What wakes a network, besides its own changes: users that go, contexts that go, and changes in the use of its space. */
export const watches: readonly Watch[] = [
  { kind: 'NetworkBinding', via: 'map', map: networkOfBinding },
  { kind: 'NetworkContext', via: 'map', map: networkOfContext },
  { kind: 'Instance', via: 'map', map: networksOfInstance },
  { kind: 'Subnet', via: 'map', map: networkOfSubnet },
];

function networkOfBinding({ type, key, object }: Change): Key[] {
  const { network } = (object as NetworkBinding).spec;
  return type === 'DELETED' ? [{ namespace: network.namespace ?? key.namespace, name: network.name }] : [];
}

function networkOfContext({ type, key, object }: Change): Key[] {
  const owner = controllerOf(object);
  return type === 'DELETED' && owner !== undefined ? [{ namespace: key.namespace, name: owner.name }] : [];
}

/** An instance that goes may have been the last one with an interface in the network. */
function networksOfInstance({ type, key, object }: Change): Key[] {
  if (type !== 'DELETED') return [];
  return (object as Instance).spec.networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? key.namespace,
    name: network.name,
  }));
}

/** A subnet changes the use when it has got its range, and when it is gone. */
async function networkOfSubnet({ type, key, project, object }: Change, store: Store): Promise<Key[]> {
  const subnet = object as Subnet;
  if (type !== 'DELETED' && !isTrue(subnet, 'Allocated')) return [];
  const context = await store.get(workerContext(name, { project }), 'NetworkContext', {
    namespace: key.namespace,
    name: subnet.spec.networkContext.name,
  });
  return context === undefined ? [] : [{ namespace: key.namespace, name: context.spec.network.name }];
}
