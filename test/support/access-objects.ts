import type { AccessWorld } from './access-world.ts';
import { asAdmin } from './store.ts';

/** Path of the networks of a namespace at the Kubernetes door. */
export function networksIn(namespace: string): string {
  return `/apis/networking.datumapis.com/v1alpha/namespaces/${namespace}/networks`;
}

/** The smallest good content of a network. */
export const networkSpec = { spec: { ipam: { mode: 'Auto' } } };

/** Binds a cluster role to a user in a namespace, or everywhere. */
export async function bind({ store }: AccessWorld, user: string, role: string, namespace?: string): Promise<string> {
  const name = `${user}-${role}`;
  await store.create(asAdmin, namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding', {
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    subjects: [{ kind: 'User', name: user }],
    roleRef: { kind: 'ClusterRole', name: role },
  });
  return name;
}

/** A role of these rules for a user. */
export async function grant(
  world: AccessWorld,
  user: string,
  rules: readonly object[],
  namespace?: string,
): Promise<void> {
  const role = `${user}-own-${Math.random().toString(36).slice(2, 8)}`;
  await world.store.create(asAdmin, 'ClusterRole', { metadata: { name: role }, rules });
  await bind(world, user, role, namespace);
}

/** Makes namespaces. */
export async function namespaces({ store }: AccessWorld, ...names: string[]): Promise<void> {
  for (const name of names) await store.create(asAdmin, 'Namespace', { metadata: { name } });
}

/** Makes a network. */
export async function network({ store }: AccessWorld, namespace: string, name: string): Promise<void> {
  await store.create(asAdmin, 'Network', { metadata: { namespace, name }, ...networkSpec });
}
