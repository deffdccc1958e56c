import type { PolicyRule, Read, Rights } from '../admit.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../generated/types.ts';
import { jsonEqual } from '../schema/json.ts';

const group = 'rbac.authorization.k8s.io';

/** Rules that are shown in a refusal at most. */
const mostShown = 20;

/** Rules that a role gives, as a write of it does not find them given. */
export interface RoleWrite {
  readonly resource: 'roles' | 'clusterroles';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly PolicyRule[];
}

/** Whether its writer may write a role: it holds all that the role gives, or may escalate. */
export function rolePermit({ resource, metadata, rules }: RoleWrite, rights: Rights): string | undefined {
  const { name, namespace } = metadata;
  const right = { verb: 'escalate', group, resource, name, ...(namespace === undefined ? {} : { namespace }) };
  if (rights.may(right)) return undefined;
  return notHeld(rights.lacks(rules, namespace));
}

type Binding = RoleBinding | ClusterRoleBinding;

/** Whether its writer may write a binding: it holds all that the role gives, or may bind the role. */
export async function bindingPermit(
  { metadata: { namespace }, roleRef, subjects }: Binding,
  previous: Binding | undefined,
  read: Read,
  rights: Rights,
): Promise<string | undefined> {
  if (previous !== undefined && jsonEqual([roleRef, subjects], [previous.roleRef, previous.subjects])) return undefined;
  const { kind, name } = roleRef;
  const resource = kind === 'Role' ? 'roles' : 'clusterroles';
  const within = namespace === undefined ? {} : { namespace };
  if (rights.may({ verb: 'bind', group, resource, name, ...within })) return undefined;
  // Who may not read the role does not learn what it gives, nor whether it exists.
  const maySee = rights.may({ verb: 'get', group, resource, name, ...(kind === 'Role' ? within : {}) });
  const role = await roleOf(read, roleRef, namespace);
  if (role === undefined) return `${attempting}${maySee ? `: there is no ${kind} ${JSON.stringify(name)}` : ''}`;
  const lacking = notHeld(rights.lacks(role.rules ?? [], namespace));
  return maySee || lacking === undefined ? lacking : attempting;
}

async function roleOf(
  read: Read,
  { kind, name }: Binding['roleRef'],
  namespace: string | undefined,
): Promise<Role | ClusterRole | undefined> {
  return kind === 'Role'
    ? read.get('Role', { namespace: namespace ?? '', name })
    : read.get('ClusterRole', { namespace: '', name });
}

const attempting = 'is attempting to grant RBAC permissions not currently held';

function notHeld(lacking: readonly PolicyRule[]): string | undefined {
  if (lacking.length === 0) return undefined;
  const more = lacking.length > mostShown ? [`and ${lacking.length - mostShown} more`] : [];
  return [`${attempting}:`, ...lacking.slice(0, mostShown).map(shown), ...more].join('\n');
}

/** Kubernetes shows a rule in the syntax of its language. */
function shown({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const parts: [string, readonly string[] | null | undefined][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['ResourceNames', resourceNames],
    ['NonResourceURLs', nonResourceURLs],
    ['Verbs', verbs],
  ];
  const texts = parts.filter(([, list]) => list?.length).map(([name, list]) => `${name}:${JSON.stringify(list)}`);
  return `{${texts.join(', ')}}`;
}
