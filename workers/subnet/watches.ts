import type { Instance, Network, Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { networkUidLabel, waitingLabel } from '../objects/labels.ts';
import { workerContext } from '../objects/worker-context.ts';
import type { Watch } from '../runtime/controller.ts';

export const name = 'subnet';

/** What wakes a subnet, besides its own changes. */
export const watches: readonly Watch[] = [
  { kind: 'Subnet', via: 'map', map: waitingBeside },
  { kind: 'Network', via: 'map', map: waitingInNetwork },
  { kind: 'NetworkContext', via: 'map', map: subnetsOfNewContext },
  { kind: 'Instance', via: 'map', map: subnetsOfInstance },
];

/** Space that a subnet frees wakes those of its network that were refused theirs. */
async function waitingBeside(change: Change, store: Store): Promise<Key[]> {
  const network = change.object.metadata.labels?.[networkUidLabel];
  return change.type === 'DELETED' && network !== undefined ? waitingIn(change, store, network) : [];
}

/** A network that becomes ready, or wider. */
async function waitingInNetwork(change: Change, store: Store): Promise<Key[]> {
  return isTrue(change.object as Network, 'Ready') ? waitingIn(change, store, change.uid) : [];
}

async function waitingIn({ project }: Change, store: Store, network: string): Promise<Key[]> {
  const labelSelector = `${networkUidLabel}=${network},${waitingLabel}`;
  const { items } = await store.list(workerContext(name, { project }), 'Subnet', { labelSelector, order: 'created' });
  return items.map(keyOf);
}

async function subnetsOfNewContext(change: Change, store: Store): Promise<Key[]> {
  return change.type === 'ADDED' ? subnetsIn(change, store, change.key) : [];
}

/** An instance that came to rest or went has changed how many addresses are given; what lies between is not shown. */
async function subnetsOfInstance(change: Change, store: Store): Promise<Key[]> {
  const { metadata, spec, ...rest } = change.object as Instance;
  if (spec.location === undefined || (change.type !== 'DELETED' && !isTrue(rest, 'Ready'))) return [];
  const location = { kind: 'Location', ...spec.location };
  const contexts = await store.list(workerContext(name, change), 'NetworkContext', { refersTo: location });
  const used = contexts.items.filter((context) =>
    spec.networkInterfaces.some(
      ({ network }) =>
        network.name === context.spec.network.name &&
        (network.namespace ?? metadata.namespace) === context.metadata.namespace,
    ),
  );
  return (await Promise.all(used.map((context) => subnetsIn(change, store, keyOf(context))))).flat();
}

async function subnetsIn(change: Change, store: Store, context: Key): Promise<Key[]> {
  const { items } = await store.list(workerContext(name, change), 'Subnet', {
    refersTo: { kind: 'NetworkContext', ...context },
  });
  return items.map((subnet: Subnet) => keyOf(subnet));
}
