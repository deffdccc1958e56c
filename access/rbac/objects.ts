import type { PolicyRule } from '../../kinds/admit.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import type { Identity } from '../identity.ts';
import { userOfAccount } from '../tokens/service-account-claims.ts';

/** The kinds that access rules are made of. */
export const ruleKinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'] as const;

export type RuleKind = (typeof ruleKinds)[number];

/** Who may be given rights, as a binding names them. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | null;
}

/** A binding, in the form that decisions need. */
export interface Binding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** Empty for one that grants everywhere. */
  readonly namespace: string;
  readonly name: string;
  readonly subjects: readonly Subject[];
  readonly role: { readonly kind: string; readonly name: string };
}

/** Whether a kind is one of those that access rules are made of. */
export function isRuleKind(kind: string): kind is RuleKind {
  return (ruleKinds as readonly string[]).includes(kind);
}

/** The binding of a stored object. */
export function bindingOf(kind: Binding['kind'], { namespace, name }: Key, object: Resource): Binding {
  const { subjects, roleRef } = object as Resource & {
    readonly subjects?: readonly Subject[] | null;
    readonly roleRef: Binding['role'];
  };
  return { kind, namespace, name, subjects: subjects ?? [], role: { kind: roleRef.kind, name: roleRef.name } };
}

/** The rules of a stored role. */
export function rulesOf(object: Resource): readonly PolicyRule[] {
  return (object as Resource & { readonly rules?: readonly PolicyRule[] | null }).rules ?? [];
}

/** By what a subject is found; undefined for one of no known kind. */
export function subjectKey(
  { kind, name, namespace }: Subject,
  binding: Pick<Binding, 'namespace'>,
): string | undefined {
  switch (kind) {
    case 'User':
      return userKey(name);
    case 'Group':
      return groupKey(name);
    case 'ServiceAccount': {
      const home = namespace || binding.namespace;
      return home === '' ? undefined : userKey(userOfAccount({ namespace: home, name }));
    }
    default:
      return undefined;
  }
}

/** All keys by which bindings may name somebody. */
export function keysOf({ user, groups }: Pick<Identity, 'user' | 'groups'>): string[] {
  return [userKey(user), ...groups.map(groupKey)];
}

function userKey(name: string): string {
  return `u ${name}`;
}

function groupKey(name: string): string {
  return `g ${name}`;
}
