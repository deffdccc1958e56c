import type { Registry } from '../../kinds/registry.ts';
import type { Dependents } from '../../store/dependents.ts';
import type { Change } from '../../store/types.ts';
import type { MappedKey, Watch } from '../runtime/controller.ts';
import { ownerKeyOf } from './owner-key.ts';
import { pendingPropagation } from './plan.ts';

/** Deleted owners that are remembered, for dependents that are made just after. */
const rememberedUids = 10_000;

/**
 * The collector looks at an object when its owner went, when it waits for its dependents, when a dependent of it went that
 * it may wait for, and when it names an owner that went before. The last is by memory: after a restart the scan finds it.
 */
export function watches(registry: Registry, dependents: Dependents): readonly Watch[] {
  const gone = new Set<string>();

  async function concerned({ type, project, kind, key, uid, object }: Change): Promise<readonly MappedKey[]> {
    const owners = object.metadata.ownerReferences ?? [];
    if (type === 'DELETED') {
      remember(uid);
      const waiting = owners
        .filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
        .flatMap((owner) => ownerKeyOf(registry, kind, key.namespace, owner) ?? []);
      return [...waiting, ...(await dependents.of(project, uid))];
    }
    const isConcerned = pendingPropagation(object) !== undefined || owners.some((owner) => gone.has(owner.uid));
    return isConcerned ? [{ kind, ...key }] : [];
  }

  function remember(uid: string): void {
    gone.add(uid);
    if (gone.size <= rememberedUids) return;
    const [oldest] = gone;
    if (oldest !== undefined) gone.delete(oldest);
  }

  return [{ kind: '*', via: 'map', map: concerned }];
}
