import { ownFinalizers } from '../../kinds/core/owner-rules.ts';
import type { Organization, Project } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { holdObject, letGo } from '../objects/finalizers.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByUsers, workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type MappedKey, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { inUse, ready } from './plan.ts';

const name = 'organization';

interface Deps {
  readonly store: Store;
}

/** Counts the projects of an organization, and keeps it while there are some. */
export function controller({ store }: Deps): Controller {
  return {
    name,
    kind: 'Organization',
    concerns: madeByUsers,
    watches: [{ kind: 'Project', via: 'map', map: organizations }],
    writes: ['Organization.status.conditions[Ready]', 'Organization.status.projects'],
    reconcile: (key) => reconcile(store, key),
  };
}

/** The organization that a project names, and the one that it named before. */
function organizations({ object, previous }: Change): MappedKey[] {
  const names = new Set([object, previous].flatMap((project) => organizationOf(project) ?? []));
  return [...names].map((organization) => ({ namespace: '', name: organization }));
}

function organizationOf(project: Resource | undefined): string | undefined {
  return (project as Project | undefined)?.spec?.organization?.name;
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const found = await store.get(context, 'Organization', key);
  if (found === undefined) return done;
  const refersTo = { kind: 'Organization', namespace: '', name: key.name };
  const { items } = await store.list(context, 'Project', { refersTo });
  const fields = { projects: items.length };
  if (isDeleting(found)) {
    if (items.length > 0)
      await writeStatus(store, context, 'Organization', found, { verdicts: [inUse(items)], fields });
    else await letGo(store, context, 'Organization', found, ownFinalizers.organization);
    return done;
  }
  const held: Organization = await holdObject(store, context, 'Organization', found, ownFinalizers.organization);
  await writeStatus(store, context, 'Organization', held, { verdicts: [ready], fields });
  return done;
}
