import { seedRoles } from '../access/seed-roles.ts';
import type { Registry } from '../kinds/registry.ts';
import { rootProject } from '../store/control-plane.ts';
import { isStoreError } from '../store/errors.ts';
import { permanentNamespaces } from '../store/delete.ts';
import type { RequestContext, Store } from '../store/types.ts';

const actor = 'system:datum';
const manager = 'datum';

/** Makes what always exists, where it does not yet: the root project and what is in it. Uids stay the same for good. */
export async function seed(store: Store, registry: Registry): Promise<void> {
  await seedProject(store, registry, rootProject);
  const asSystem: RequestContext = { project: rootProject, actor, manager };
  if ((await store.get(asSystem, 'Project', { namespace: '', name: rootProject })) !== undefined) return;
  // So that it is listed among the others, and can have limits.
  await unlessThere(
    store.create(asSystem, 'Project', { metadata: { name: rootProject }, spec: { displayName: 'Root' } }),
  );
}

/** Makes the namespaces and the roles that exist in every project, `project` being its control plane, where they do not yet. */
export async function seedProject(store: Store, registry: Registry, project: string): Promise<void> {
  const context: RequestContext = { project, actor, manager };
  for (const name of permanentNamespaces) {
    if ((await store.get(context, 'Namespace', { namespace: '', name })) !== undefined) continue;
    await unlessThere(store.create(context, 'Namespace', { metadata: { name } }));
  }
  await seedRoles(store, registry, project);
}

/** Another process may start at the same time. */
async function unlessThere(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isStoreError(error, 'AlreadyExists')) throw error;
  });
}
