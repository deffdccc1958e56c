import type { Instance, KindTypes, Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { isTrue, type Verdict } from '../../workers/objects/condition.ts';
import { holdObject, letGo } from '../../workers/objects/finalizers.ts';
import { isDeleting } from '../../workers/objects/owner.ts';
import { writeStatus } from '../../workers/objects/status.ts';
import { workerContext } from '../../workers/objects/worker-context.ts';
import { type Controller, done, type ReconcileKey } from '../../workers/runtime/controller.ts';
import type { MakeController, WorldDeps } from './world.ts';

const finalizer = 'test.datum.net/provider';
type Made = 'NetworkContext' | 'Subnet' | 'Instance';

/** What the provider of these tests has made, and what it shall refuse. */
export interface InstantCloud {
  /** Uids of what exists, by kind. */
  readonly made: Readonly<Record<Made, Set<string>>>;
  /** Condition instead of success, by `Kind name`; what is not in it succeeds at once. */
  readonly failing: Map<string, { readonly reason: string; readonly message: string }>;
  readonly controllers: readonly MakeController[];
}

/** A provider that does at once what a cloud does in its time, with the same conditions, addresses and finalizers. */
export function instantCloud(): InstantCloud {
  const made = { NetworkContext: new Set<string>(), Subnet: new Set<string>(), Instance: new Set<string>() };
  const failing: InstantCloud['failing'] = new Map();

  const provides =
    <K extends Made>(kind: K, watches: Controller['watches'], act: Act<K>): MakeController =>
    (deps) => ({
      name: `instant-${kind}`,
      kind,
      watches,
      writes: [],
      reconcile: (key) => reconcile(deps, key, kind, act),
    });

  async function reconcile<K extends Made>(
    deps: WorldDeps,
    key: ReconcileKey,
    kind: K,
    act: Act<K>,
  ): ReturnType<Controller['reconcile']> {
    const context = workerContext(`instant-${kind}`, key);
    const object = (await deps.store.get(context, kind, key)) as KindTypes[K] | undefined;
    if (object === undefined) return done;
    const { uid, name } = object.metadata;
    if (isDeleting(object)) {
      if (!(await act.mayGo(deps, object, key))) return done;
      made[kind].delete(uid);
      await letGo(deps.store, context, kind, object, finalizer);
      return done;
    }
    if (!act.isDue(object)) return done;
    const held = await holdObject(deps.store, context, kind, object, finalizer);
    const failure = failing.get(`${kind} ${name}`) ?? (await act.make(deps, held, key));
    if (failure === undefined) made[kind].add(uid);
    const verdict = failure
      ? condition('Programmed', 'False', failure.reason, failure.message)
      : condition('Programmed', 'True', 'Programmed', '');
    const running = kind === 'Instance' && failure === undefined ? [condition('Running', 'True', 'Running', '')] : [];
    await writeStatus(deps.store, context, kind, held, { verdicts: [verdict, ...running] });
    return done;
  }

  return {
    made,
    failing,
    controllers: [
      provides('NetworkContext', [{ kind: 'Subnet', via: 'map', map: contextOfGoneSubnet }], {
        isDue: () => true,
        // As in a cloud: a network that has subnets cannot be deleted.
        mayGo: async ({ store }, context, { project }) => {
          const refersTo = { kind: 'NetworkContext', ...keyOf(context) };
          const { items } = await store.list(workerContext('instant-NetworkContext', { project }), 'Subnet', {
            refersTo,
          });
          return !items.some(({ metadata }) => made.Subnet.has(metadata.uid));
        },
        make: async () => undefined,
      }),
      provides('Subnet', [], {
        isDue: (subnet) => isTrue(subnet, 'Allocated'),
        mayGo: async ({ ipam }, { metadata }, { project }) =>
          ((await ipam.subnetUse({ project, subnet: metadata.uid }))?.allocated ?? 0n) === 0n,
        make: async () => undefined,
      }),
      provides('Instance', [{ kind: 'Subnet', via: 'map', map: instancesOfSubnet }], {
        isDue: ({ spec }) => (spec.controller?.schedulingGates ?? []).length === 0,
        mayGo: async ({ ipam }, { metadata }, { project }) => {
          await ipam.releaseAddresses({ project, owner: metadata.uid });
          return true;
        },
        make: assignAddresses,
      }),
    ],
  };
}

interface Act<K extends Made> {
  isDue(object: KindTypes[K]): boolean;
  mayGo(deps: WorldDeps, object: KindTypes[K], key: ReconcileKey): Promise<boolean>;
  make(
    deps: WorldDeps,
    object: KindTypes[K],
    key: ReconcileKey,
  ): Promise<{ reason: string; message: string } | undefined>;
}

async function assignAddresses(
  { store, ipam }: WorldDeps,
  instance: Instance,
  { project }: ReconcileKey,
): Promise<{ reason: string; message: string } | undefined> {
  const context = workerContext('instant-Instance', { project });
  const networkInterfaces = [];
  for (const [interfaceIndex, { network }] of instance.spec.networkInterfaces.entries()) {
    const refersTo = { kind: 'Network', namespace: network.namespace ?? keyOf(instance).namespace, name: network.name };
    const contexts = (await store.list(context, 'NetworkContext', { refersTo })).items.filter(
      ({ spec }) => spec.location.name === instance.spec.location?.name,
    );
    const subnets: Subnet[] = [];
    for (const one of contexts)
      subnets.push(
        ...(await store.list(context, 'Subnet', { refersTo: { kind: 'NetworkContext', ...keyOf(one) } })).items,
      );
    let given: string | undefined;
    for (const subnet of subnets.filter((one) => isTrue(one, 'Ready') && one.spec.ipFamily === 'IPv4')) {
      const answer = await ipam.allocateAddress({
        project,
        subnet: subnet.metadata.uid,
        owner: instance.metadata.uid,
        interfaceIndex,
      });
      if (answer.ok) given ??= answer.address;
      if (answer.ok) break;
    }
    if (given === undefined) return { reason: 'RangeExhausted', message: 'no address is left' };
    networkInterfaces.push({ assignments: { networkIP: given } });
  }
  await writeStatus(store, context, 'Instance', instance, { verdicts: [], fields: { networkInterfaces } });
  return undefined;
}

function contextOfGoneSubnet({ type, key, object }: Change): Key[] {
  return type === 'DELETED' ? [{ namespace: key.namespace, name: (object as Subnet).spec.networkContext.name }] : [];
}

async function instancesOfSubnet(change: Change, store: Store): Promise<Key[]> {
  if (!isTrue(change.object as Subnet, 'Ready')) return [];
  const { items } = await store.list(workerContext('instant-Instance', change), 'Instance');
  return items.filter((instance) => !isTrue(instance, 'Programmed')).map(keyOf);
}

function condition(type: string, status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type, status, reason, message };
}
