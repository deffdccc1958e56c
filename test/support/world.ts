import { onTestFinished } from 'vitest';
import type { KindTypes } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import { createIpam } from '../../store/ipam/create-ipam.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import type { Change, Revision, Store } from '../../store/types.ts';
import { type Conditioned, conditionOf } from '../../workers/objects/condition.ts';
import type { Controller } from '../../workers/runtime/controller.ts';
import { settleAll } from '../../workers/objects/settle-all.ts';
import { asAdmin, testStore, type TestStore } from './store.ts';

export interface WorldDeps {
  readonly store: Store;
  readonly ipam: Ipam;
}

export type MakeController = (deps: WorldDeps) => Controller;

export interface WorldOptions {
  /** Decides the order of work. */
  readonly random?: () => number;
  /** Keys that are worked on at the same time. Default 1. */
  readonly atOnce?: number;
  /** What stands between the controllers and their store. */
  readonly around?: (store: Store) => Store;
}

/** Controllers on a store, driven by its change log, in random order. */
export interface World extends WorldDeps {
  readonly open: TestStore;
  /** Reconciles until nothing is left to do, those that asked to be called again soon included. */
  settle(): Promise<void>;
  /** Everything in mind is lost and the controllers begin anew with a scan of all objects. */
  restart(): Promise<void>;
  /** From now on, all writes of controllers after this many throw, until the next restart. */
  crashAfter(writes: number): void;
  /** The object of namespace `default`, which must exist. */
  get<K extends keyof KindTypes>(kind: K, name: string): Promise<KindTypes[K]>;
  /** `True Ready`: status and reason of a condition. */
  condition(kind: keyof KindTypes, name: string, type: string): Promise<string>;
  /** Names of all objects of a kind, in order. */
  names(kind: keyof KindTypes): Promise<string[]>;
  /** Changes since the world began, oldest first. */
  readonly changes: readonly Change[];
}

const maxRuns = 20_000;
/** Who asked to be called again later than this is not waited for. */
const soonMs = 60_000;

/** A world with these controllers. */
export async function createWorld(
  make: readonly MakeController[],
  { random = Math.random, atOnce = 1, around = (store) => store }: WorldOptions = {},
): Promise<World> {
  const open = await testStore();
  const ipam = createIpam(open.pool);
  const fuse = { left: Infinity };
  const store = around(fused(open.store, fuse));
  const changes: Change[] = [];
  const mapped: Change[] = [];
  const pending = new Map<string, { controller: Controller; key: Key }>();
  const later = new Map<string, { controller: Controller; key: Key; at: number }>();
  let controllers = make.map((one) => one({ store, ipam }));
  let seen: Revision = 0n;
  let onSeen = (): void => {};

  const abort = new AbortController();
  const reading = (async () => {
    for await (const batch of open.store.changes(0n, abort.signal)) {
      changes.push(...batch);
      mapped.push(...batch);
      seen = batch.at(-1)?.revision ?? seen;
      onSeen();
    }
  })();
  onTestFinished(async () => {
    abort.abort();
    await reading;
  });

  const add = (controller: Controller, key: Key): void =>
    void pending.set(`${controller.name} ${key.namespace}/${key.name}`, { controller, key });

  async function take(): Promise<void> {
    for (let change = mapped.shift(); change !== undefined; change = mapped.shift()) {
      if (change.type === 'DELETED') await collect(change.uid, open.store);
      for (const controller of controllers) {
        for (const key of await keysFor(controller, change, open.store)) add(controller, key);
      }
    }
  }

  async function run(id: string): Promise<void> {
    const { controller, key } = pending.get(id)!; // only called with what is pending
    pending.delete(id);
    later.delete(id);
    try {
      const outcome = await controller.reconcile({ project: asAdmin.project, ...key });
      if ('againAfterMs' in outcome) {
        const { againAfterMs } = outcome;
        if (againAfterMs <= soonMs) later.set(id, { controller, key, at: Date.now() + againAfterMs });
      }
    } catch (error) {
      if (!isStoreError(error, 'Conflict') && !isStoreError(error, 'NotFound')) throw error;
      add(controller, key);
    }
  }

  async function settle(): Promise<void> {
    for (let runs = 0; runs < maxRuns;) {
      const newest = await open.store.revision();
      while (seen < newest) await new Promise<void>((resolve) => (onSeen = resolve));
      await take();
      if (pending.size > 0) {
        const batch = [...pending.keys()].toSorted(() => random() - 0.5).slice(0, atOnce);
        await settleAll(batch.map(run));
        runs += batch.length;
      } else if (later.size > 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const [id, { controller, key, at }] of later) if (at <= Date.now()) pending.set(id, { controller, key });
      } else if ((await open.store.revision()) === newest) {
        return;
      }
    }
    throw new Error(`not settled after ${maxRuns} reconciles; pending: ${[...pending.keys()].slice(0, 10).join(', ')}`);
  }

  async function get<K extends keyof KindTypes>(kind: K, name: string): Promise<KindTypes[K]> {
    const object = await open.store.get(asAdmin, kind, { namespace: 'default', name });
    if (object === undefined) throw new Error(`${kind} ${name} does not exist`);
    return object as KindTypes[K];
  }

  return {
    open,
    store: open.store,
    ipam,
    changes,
    settle,
    get,
    async condition(kind, name, type) {
      const found = conditionOf((await get(kind, name)) as Conditioned, type);
      return `${found?.status} ${found?.reason}`;
    },
    names: async (kind) => (await open.store.list(asAdmin, kind)).items.map(({ metadata }) => metadata.name),
    crashAfter: (writes) => void (fuse.left = writes),
    async restart() {
      fuse.left = Infinity;
      mapped.length = 0;
      pending.clear();
      later.clear();
      controllers = make.map((one) => one({ store, ipam }));
      for (const controller of controllers) {
        const { items } = await open.store.list(asAdmin, controller.kind);
        for (const { metadata } of items) add(controller, { namespace: metadata.namespace ?? '', name: metadata.name });
      }
    },
  };
}

const ownedKinds = [
  'WorkloadDeployment',
  'Instance',
  'NetworkBinding',
  'NetworkContext',
  'SubnetClaim',
  'Subnet',
  'ControllerRevision',
] as const;

/** Deletes what an object that is gone owned, as the garbage collector does in the background. */
async function collect(uid: string, store: Store): Promise<void> {
  for (const kind of ownedKinds) {
    const { items } = await store.list(asAdmin, kind, { owner: uid });
    for (const { metadata } of items)
      await store.delete(asAdmin, kind, { namespace: metadata.namespace ?? '', name: metadata.name });
  }
}

/** Keys that a change means for a controller, as the dispatcher finds them. */
async function keysFor(controller: Controller, change: Change, store: Store): Promise<Key[]> {
  const isConcerned = change.kind === controller.kind && (controller.concerns?.(change) ?? true);
  const keys: Key[] = isConcerned ? [change.key] : [];
  for (const watch of controller.watches) {
    if (watch.kind !== change.kind) continue;
    if (watch.via === 'map') keys.push(...(await watch.map(change, store)));
    else if (watch.via === 'owner') {
      const owners = change.object.metadata.ownerReferences?.filter(({ kind }) => kind === controller.kind) ?? [];
      keys.push(...owners.map(({ name }) => ({ namespace: change.key.namespace, name })));
    } else throw new Error(`the test world does not know watches via ${watch.via}`);
  }
  return keys;
}

/** The store, but its writes throw once the fuse is burnt. */
function fused(store: Store, fuse: { left: number }): Store {
  const burn = (): void => {
    if (fuse.left <= 0) throw new Error('crash');
    fuse.left--;
  };
  return {
    ...store,
    create: (...args) => (burn(), store.create(...args)),
    update: (...args) => (burn(), store.update(...args)),
    delete: (...args) => (burn(), store.delete(...args)),
  };
}
