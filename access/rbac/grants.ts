import type { Decision, PathAttributes, ResourceAttributes } from '../authorise.ts';
import type { Identity } from '../identity.ts';
import { type Binding, keysOf, subjectKey } from './objects.ts';
import type { ResourceQuestion } from './match.ts';
import type { Policy } from './policy.ts';
import { createScope, forName, type Grant, type Scope } from './scope.ts';

/** All that one identity may do in a project. */
export interface Grants {
  /** Whether a binding names it, or a group of it that is not everybody. */
  readonly isNamed: boolean;
  readonly everywhere: Scope;
  /** What it may do in a namespace beyond that. */
  in(namespace: string): Scope | undefined;
  resource(wanted: ResourceAttributes): Decision | undefined;
  path(wanted: PathAttributes): Decision | undefined;
  /** Namespaces in which it may do this to all names. */
  namespacesFor(question: ResourceQuestion): 'all' | readonly string[];
}

const mostSets = 512;
const everybody = ['system:authenticated', 'system:unauthenticated'];

/** Works out what an identity may do, from the bindings that name it. */
export function compileGrants(
  policy: Pick<Policy, 'bindingsOf' | 'rulesOf'>,
  identity: Pick<Identity, 'user' | 'groups'>,
): Grants {
  const mine = new Set(keysOf(identity));
  const byNamespace = new Map<string, Map<string, Grant[]>>();
  for (const binding of policy.bindingsOf(identity)) {
    const byRole = byNamespace.get(binding.namespace) ?? new Map<string, Grant[]>();
    byNamespace.set(binding.namespace, byRole);
    // Two bindings to the same role give no more than one.
    const role = `${binding.role.kind} ${binding.role.name}`;
    if (!byRole.has(role)) byRole.set(role, grantsBy(policy, binding, mine));
  }
  const scopes = new Map(
    [...byNamespace].map(([namespace, byRole]) => [namespace, createScope([...byRole.values()].flat())] as const),
  );
  const everywhere = scopes.get('') ?? createScope([]);
  scopes.delete('');
  const sets = new Map<string, 'all' | readonly string[]>();
  const { user, groups } = identity;
  return {
    isNamed: policy.bindingsOf({ user, groups: groups.filter((group) => !everybody.includes(group)) }).length > 0,
    everywhere,
    in: (namespace) => scopes.get(namespace),
    resource(wanted) {
      const { namespace } = wanted;
      const decision = forName(everywhere.resource(wanted), wanted);
      if (decision !== undefined || namespace === undefined) return decision;
      const scope = scopes.get(namespace);
      return scope && forName(scope.resource(wanted), wanted);
    },
    path: (wanted) => everywhere.path(wanted),
    namespacesFor(question) {
      if (everywhere.resource(question).all !== undefined) return 'all';
      const { verb, group, resource, subresource = '' } = question;
      const key = `${verb} ${group}/${resource}/${subresource}`;
      let found = sets.get(key);
      if (found === undefined) {
        const within = [...scopes].filter(([, scope]) => scope.resource(question).all !== undefined);
        if (sets.size >= mostSets) sets.clear();
        sets.set(key, (found = within.map(([namespace]) => namespace).toSorted()));
      }
      return found;
    },
  };
}

function grantsBy(policy: Pick<Policy, 'rulesOf'>, binding: Binding, mine: ReadonlySet<string>): Grant[] {
  const { kind, namespace, name, role } = binding;
  const subject = binding.subjects.find((one) => mine.has(subjectKey(one, binding) ?? ''));
  const place = namespace === '' ? name : `${name}/${namespace}`;
  const whom = subject === undefined ? '' : ` to ${subject.kind} ${JSON.stringify(subject.name)}`;
  const reason = `RBAC: allowed by ${kind} ${JSON.stringify(place)} of ${role.kind} ${JSON.stringify(role.name)}${whom}`;
  return (policy.rulesOf(binding) ?? []).map((rule) => ({ rule, reason }));
}
