import type { Instance, Network, Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { networkUidLabel, waitingLabel } from '../objects/labels.ts';
import { workerContext } from '../objects/worker-context.ts';
import type { Watch } from '../runtime/controller.ts';

export const name = 'subnet';

/** What wakes a subnet, besides its own changes. */
export function createWatches(): readonly Watch[] {
  const places = createPlaces();
  return [
    { kind: 'Subnet', via: 'map', map: waitingBeside },
    { kind: 'Network', via: 'map', map: waitingInNetwork },
    { kind: 'NetworkContext', via: 'map', map: subnetsOfNewContext },
    { kind: 'Subnet', via: 'map', map: places.forget },
    { kind: 'NetworkContext', via: 'map', map: places.forget },
    { kind: 'Instance', via: 'map', map: (change, store) => subnetsOfInstance(change, store, places) },
  ];
}

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
async function subnetsOfInstance(change: Change, store: Store, places: Places): Promise<Key[]> {
  const { metadata, spec, ...rest } = change.object as Instance;
  const { location } = spec;
  if (location === undefined || (change.type !== 'DELETED' && !isTrue(rest, 'Ready'))) return [];
  const keys = await Promise.all(
    spec.networkInterfaces.map(({ network }) => {
      const key = { namespace: network.namespace ?? metadata.namespace ?? '', name: network.name };
      return places.subnetsAt(change, store, key, location);
    }),
  );
  return keys.flat();
}

interface Places {
  /** Subnets of a network in a location. */
  subnetsAt(change: Change, store: Store, network: Key, location: Key): Promise<readonly Key[]>;
  forget(change: Change): readonly Key[];
}

/** Places that are kept in mind at most. */
const maxPlaces = 1_000;

/**
 * Remembers which subnets are where: every instance that becomes ready asks. The change of a subnet or context that comes
 * or goes passes here before the changes that follow from it, and everything is forgotten.
 */
function createPlaces(): Places {
  const known = new Map<string, Promise<readonly Key[]>>();
  return {
    subnetsAt(change, store, network, location) {
      const id = [change.project, network.namespace, network.name, location.namespace, location.name].join('/');
      let keys = known.get(id);
      if (keys === undefined) {
        if (known.size >= maxPlaces) known.clear();
        keys = readSubnets(change, store, network, location);
        known.set(id, keys);
        keys.catch(() => known.delete(id));
      }
      return keys;
    },
    forget({ type }) {
      if (type !== 'MODIFIED') known.clear();
      return [];
    },
  };
}

async function readSubnets(change: Change, store: Store, network: Key, location: Key): Promise<readonly Key[]> {
  const refersTo = { kind: 'Network', ...network };
  const { items } = await store.list(workerContext(name, change), 'NetworkContext', { refersTo });
  const here = items.filter(
    ({ spec }) => spec.location.name === location.name && spec.location.namespace === location.namespace,
  );
  return (await Promise.all(here.map((context) => subnetsIn(change, store, keyOf(context))))).flat();
}

async function subnetsIn(change: Change, store: Store, context: Key): Promise<Key[]> {
  const { items } = await store.list(workerContext(name, change), 'Subnet', {
    refersTo: { kind: 'NetworkContext', ...context },
  });
  return items.map((subnet: Subnet) => keyOf(subnet));
}
