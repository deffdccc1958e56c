import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { type Applied, applyFields, type HeldFields } from '../../store/fields/apply-fields.ts';
import type { Entries } from '../../store/fields/managers.ts';
import { shapeOf } from '../../store/fields/shape.ts';
import { differenceOf, tracked } from '../../store/fields/track.ts';

/** An object in memory and who owns what in it. */
export interface Owned {
  readonly object: Resource;
  readonly entries: Entries;
}

const apiVersion = 'test/v1';

/** Objects of a schema in memory, applied to and updated as the store would, without checks and defaults. */
export function ownedObjects({ schema }: Pick<Kind, 'schema'>): {
  /** Throws when there are conflicts. */
  apply(live: Owned | undefined, manager: string, content: object, options?: { force?: boolean; now?: string }): Owned;
  conflicts(live: Owned, manager: string, content: object): readonly HeldFields[];
  update(live: Owned | undefined, manager: string, content: object, now?: string): Owned;
} {
  const shape = shapeOf({ schema });
  const whole = (content: object): Resource => ({ metadata: { name: 'n' }, ...content }) as unknown as Resource;
  const outcome = (
    live: Owned | undefined,
    manager: string,
    content: object,
    force: boolean,
    now: string,
  ): Applied | { readonly conflicts: readonly HeldFields[] } =>
    applyFields({
      shape,
      live: live?.object,
      entries: live?.entries ?? [],
      applied: whole(content),
      id: { manager, operation: 'Apply', apiVersion },
      ignored: [],
      allowed: force ? 'all' : undefined,
      now,
    });
  return {
    apply(live, manager, content, { force = false, now = '2024-01-01T00:00:00Z' } = {}) {
      const applied = outcome(live, manager, content, force, now);
      if ('conflicts' in applied) throw new Error(`conflicts: ${JSON.stringify(applied.conflicts)}`);
      return applied;
    },
    conflicts(live, manager, content) {
      const applied = outcome(live, manager, content, false, '2024-01-01T00:00:00Z');
      return 'conflicts' in applied ? applied.conflicts : [];
    },
    update(live, manager, content, now = '2024-01-01T00:00:00Z') {
      const object = whole(content);
      const id = { manager, operation: 'Update', apiVersion } as const;
      return { object, entries: tracked(live?.entries ?? [], id, differenceOf(shape, live?.object, object, []), now) };
    },
  };
}
