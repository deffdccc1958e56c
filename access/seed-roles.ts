import type { ClusterRole, ClusterRoleBinding } from '../kinds/generated/types.ts';
import { jsonEqual } from '../kinds/schema/json.ts';
import type { Registry } from '../kinds/registry.ts';
import { isStoreError } from '../store/errors.ts';
import type { RequestContext, Store } from '../store/types.ts';
import { builtInBindings, type BuiltInRole, builtInRoles } from './builtin-roles.ts';
import { uncovered } from './rbac/cover.ts';

/** With `false`, what a project made of a built-in role or binding is left as it is. */
const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

/**
 * Makes the roles that every project has, and their bindings, where they are missing; those that are there are given what
 * they lack, since a newer version of the product may serve more kinds. What a project added to them stays.
 */
export async function seedRoles(store: Store, registry: Registry, project: string): Promise<void> {
  const context: RequestContext = { project, actor: 'system:datum', manager: 'datum' };
  const [roles, bindings] = await Promise.all([
    store.list(context, 'ClusterRole'),
    store.list(context, 'ClusterRoleBinding'),
  ]);
  const known = new Map(roles.items.map((role) => [role.metadata.name, role]));
  const bound = new Map(bindings.items.map((binding) => [binding.metadata.name, binding]));
  await Promise.all([
    ...builtInRoles(registry).map((role) => seedRole(store, context, role, known.get(role.metadata.name))),
    ...builtInBindings.map(({ name, group }) => seedBinding(store, context, name, group, bound.get(name))),
  ]);
}

async function seedRole(
  store: Store,
  context: RequestContext,
  role: BuiltInRole,
  known: ClusterRole | undefined,
): Promise<void> {
  if (known === undefined) {
    const metadata = { ...role.metadata, annotations: { [autoUpdate]: 'true' } };
    return unlessThere(store.create(context, 'ClusterRole', { ...role, metadata }));
  }
  if (isLeft(known) || jsonEqual(completed(role, known), known)) return;
  const key = { namespace: '', name: role.metadata.name };
  await store.update(context, 'ClusterRole', key, (current) => completed(role, current));
}

/** A role with what it lacks of the built-in one. */
function completed(role: BuiltInRole, known: ClusterRole): ClusterRole {
  const { metadata } = known;
  const missing = (role.rules ?? []).filter((rule) => uncovered(known.rules ?? [], [rule]).length > 0);
  return {
    ...known,
    metadata: { ...metadata, labels: { ...metadata.labels, ...role.metadata.labels } },
    rules: [...(known.rules ?? []), ...missing],
    ...(role.aggregationRule === undefined ? {} : { aggregationRule: role.aggregationRule }),
  };
}

async function seedBinding(
  store: Store,
  context: RequestContext,
  name: string,
  group: string,
  known: ClusterRoleBinding | undefined,
): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const subject = { kind: 'Group', apiGroup, name: group };
  if (known === undefined) {
    const metadata = {
      name,
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      annotations: { [autoUpdate]: 'true' },
    };
    const roleRef = { apiGroup, kind: 'ClusterRole', name };
    return unlessThere(store.create(context, 'ClusterRoleBinding', { metadata, subjects: [subject], roleRef }));
  }
  const has = ({ subjects = [] }: ClusterRoleBinding): boolean =>
    subjects.some((one) => one.kind === 'Group' && one.name === group);
  if (isLeft(known) || has(known)) return;
  await store.update(context, 'ClusterRoleBinding', { namespace: '', name }, (current) =>
    has(current) ? undefined : { ...current, subjects: [...(current.subjects ?? []), subject] },
  );
}

function isLeft({ metadata }: ClusterRole | ClusterRoleBinding): boolean {
  return metadata.annotations?.[autoUpdate] === 'false';
}

/** Another process may start at the same time. */
async function unlessThere(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!isStoreError(error, 'AlreadyExists')) throw error;
  });
}
