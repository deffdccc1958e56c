import { apiVersionOf } from '../../../kinds/kind.ts';
import { type Key, keyOf } from '../../../kinds/object.ts';
import type { Registry } from '../../../kinds/registry.ts';
import { isStoreError } from '../../../store/errors.ts';
import { referencesOf } from '../../../store/references.ts';
import type { Change, RequestContext, Store } from '../../../store/types.ts';
import type { Controller, MappedKey, Watch } from '../controller.ts';

const everyKind = '*';
const actor = 'system:dispatcher';

/** A controller and a key to look at. */
export interface Woken {
  readonly controller: string;
  readonly key: MappedKey;
}

export interface MapOptions {
  readonly controllers: readonly Controller[];
  readonly store: Store;
  readonly registry: Registry;
  /** Told of a mapping that throws; the change's other keys are still found, and the next full scan finds what is missing. */
  readonly onError: (error: unknown, controller: string, change: Change) => void;
}

/** Which keys of which controllers a change concerns. Throws while Postgres cannot be reached. */
export function createChangeMap(options: MapOptions): (change: Change) => Promise<readonly Woken[]> {
  const { controllers, store, registry, onError } = options;
  const routes = controllers.flatMap((controller) => controller.watches.map((watch) => ({ controller, watch })));

  async function watched(controller: Controller, watch: Watch, change: Change): Promise<readonly MappedKey[]> {
    switch (watch.via) {
      case 'owner':
        return owners(registry, controller.kind, change);
      case 'reference':
        return referred(registry, controller.kind, change);
      case 'referrer': {
        const context: RequestContext = { project: change.project, actor, manager: actor };
        const { items } = await store.list(context, controller.kind, {
          refersTo: { kind: change.kind, ...change.key },
        });
        return items.map(keyOf);
      }
      case 'map':
        return watch.map(change, store);
      default:
        return watch satisfies never;
    }
  }

  return async (change) => {
    const own = controllers
      .filter(({ kind, concerns }) => kind === change.kind && (concerns === undefined || concerns(change)))
      .map(({ name }): Woken => ({ controller: name, key: change.key }));
    const matching = routes.filter(({ watch }) => watch.kind === change.kind || watch.kind === everyKind);
    const others = await Promise.all(
      matching.map(async ({ controller, watch }): Promise<Woken[]> => {
        try {
          const keys = await watched(controller, watch, change);
          return keys.map((key) => ({ controller: controller.name, key }));
        } catch (error) {
          if (isStoreError(error, 'Unavailable')) throw error;
          onError(error, controller.name, change);
          return [];
        }
      }),
    );
    return [...own, ...others.flat()];
  };
}

function owners(registry: Registry, kindId: string, { key, object }: Change): Key[] {
  const kind = registry.get(kindId);
  return (object.metadata.ownerReferences ?? [])
    .filter((owner) => owner.kind === kind.name && owner.apiVersion === apiVersionOf(kind))
    .map(({ name }) => ({ namespace: kind.scope === 'Cluster' ? '' : key.namespace, name }));
}

function referred(registry: Registry, kindId: string, { kind, object }: Change): Key[] {
  const changed = registry.byId(kind);
  if (changed === undefined) return [];
  const isCluster = registry.get(kindId).scope === 'Cluster';
  return referencesOf(changed, object).flatMap((reference) => {
    const [refKind, namespace = '', name = ''] = reference.split('/');
    return refKind === kindId ? [{ namespace: isCluster ? '' : namespace, name }] : [];
  });
}
