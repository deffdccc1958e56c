import { seedRoles } from '../access/seed-roles.ts';
import type { Registry } from '../kinds/registry.ts';
import { isStoreError } from '../store/errors.ts';
import { permanentNamespaces } from '../store/delete.ts';
import type { RequestContext, Store } from '../store/types.ts';

const asSystem: RequestContext = { project: 'default', actor: 'system:datum', manager: 'datum' };

/** Makes the namespaces and the roles that always exist, where they do not yet; their uids stay the same for good. */
export async function seed(store: Store, registry: Registry): Promise<void> {
  for (const name of permanentNamespaces) {
    if ((await store.get(asSystem, 'Namespace', { namespace: '', name })) !== undefined) continue;
    await store.create(asSystem, 'Namespace', { metadata: { name } }).catch((error: unknown) => {
      // Another process starts at the same time.
      if (!isStoreError(error, 'AlreadyExists')) throw error;
    });
  }
  await seedRoles(store, registry, asSystem.project);
}
