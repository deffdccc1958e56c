import { isDeepStrictEqual } from 'node:util';
import type { ClusterRoleBinding, Organization, Project, Subject } from '../../kinds/generated/types.ts';
import { isStoreError } from '../../store/errors.ts';
import type { RequestContext, Store } from '../../store/types.ts';

/** Binding by which the owners of a project and of its organization are administrators inside. */
export const ownersBinding = 'datum:owners';

const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };

/** Those who own a project, by themselves or by its organization; each once. */
export function ownersOf(project: Project, organization: Organization | undefined): Subject[] {
  const all = [...(project.spec?.owners ?? []), ...(organization?.spec?.owners ?? [])];
  return [...new Map(all.map((owner) => [`${owner.kind} ${owner.name}`, owner])).values()];
}

/** Makes the owners administrators of a control plane, and nobody else by that binding. */
export async function bindOwners(store: Store, inside: RequestContext, owners: readonly Subject[]): Promise<void> {
  const key = { namespace: '', name: ownersBinding };
  const binding = await store.get(inside, 'ClusterRoleBinding', key);
  if (binding === undefined) {
    if (owners.length === 0) return;
    await store.create(inside, 'ClusterRoleBinding', {
      metadata: { name: ownersBinding },
      subjects: [...owners],
      roleRef,
    });
    return;
  }
  // To which role it binds is fixed for life, so one that binds to another was made by somebody else.
  if (binding.roleRef.name !== roleRef.name || binding.roleRef.kind !== roleRef.kind) {
    await unlessGone(store.delete(inside, 'ClusterRoleBinding', key, { uid: binding.metadata.uid }));
    return bindOwners(store, inside, owners);
  }
  await unlessGone(
    store.update(inside, 'ClusterRoleBinding', key, (current) => withSubjects(current, owners), {
      uid: binding.metadata.uid,
      startFrom: binding,
    }),
  );
}

function withSubjects(binding: ClusterRoleBinding, owners: readonly Subject[]): ClusterRoleBinding | undefined {
  return isDeepStrictEqual(binding.subjects ?? [], owners) ? undefined : { ...binding, subjects: [...owners] };
}

async function unlessGone(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isStoreError(error, 'NotFound')) throw error;
  });
}
