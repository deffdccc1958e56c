import type { PolicyRule } from '../../kinds/admit.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import type { Identity } from '../identity.ts';
import { compileGrants, type Grants } from './grants.ts';
import { type Binding, bindingOf, keysOf, type RuleKind, rulesOf, subjectKey } from './objects.ts';

/** The access rules of one project, in memory. */
export interface Policy {
  /** Puts the object of a key, or removes it. */
  set(kind: RuleKind, key: Key, object: Resource | undefined): void;
  /** What somebody may do; worked out once until a rule changes. */
  grantsOf(identity: Identity): Grants;
  /** Bindings that name somebody. */
  bindingsOf(identity: Pick<Identity, 'user' | 'groups'>): readonly Binding[];
  /** Rules of the role that a binding refers to; undefined when there is none. */
  rulesOf(binding: Binding): readonly PolicyRule[] | undefined;
}

/** Identities whose grants are kept. */
const mostIdentities = 4096;

/** A policy without rules: nobody may do anything. */
export function createPolicy(): Policy {
  const roles = new Map<string, readonly PolicyRule[]>();
  const bindings = new Map<string, Binding>();
  const bySubject = new Map<string, Set<Binding>>();
  let compiled = new Map<string, Grants>();
  /** Most requests come with an identity that came before, the same object. */
  let known = new WeakMap<Identity, Grants>();

  function setBinding(id: string, binding: Binding | undefined): void {
    const old = bindings.get(id);
    if (old !== undefined) {
      bindings.delete(id);
      for (const key of subjectKeys(old)) {
        const same = bySubject.get(key);
        same?.delete(old);
        if (same?.size === 0) bySubject.delete(key);
      }
    }
    if (binding === undefined) return;
    bindings.set(id, binding);
    for (const key of subjectKeys(binding)) {
      const same = bySubject.get(key) ?? new Set();
      bySubject.set(key, same.add(binding));
    }
  }

  const policy: Policy = {
    set(kind, key, object) {
      const id = `${kind} ${key.namespace}/${key.name}`;
      switch (kind) {
        case 'Role':
        case 'ClusterRole':
          if (object === undefined) roles.delete(id);
          else roles.set(id, rulesOf(object));
          break;
        case 'RoleBinding':
        case 'ClusterRoleBinding':
          setBinding(id, object && bindingOf(kind, key, object));
      }
      if (compiled.size > 0) compiled = new Map();
      known = new WeakMap();
    },
    grantsOf(identity) {
      let grants = known.get(identity);
      if (grants !== undefined) return grants;
      const key = JSON.stringify([identity.user, ...identity.groups]);
      grants = compiled.get(key);
      if (grants === undefined) {
        if (compiled.size >= mostIdentities) compiled = new Map();
        compiled.set(key, (grants = compileGrants(policy, identity)));
      }
      known.set(identity, grants);
      return grants;
    },
    bindingsOf: (identity) => [...new Set(keysOf(identity).flatMap((key) => [...(bySubject.get(key) ?? [])]))],
    rulesOf: ({ namespace, role }) =>
      roles.get(role.kind === 'Role' ? `Role ${namespace}/${role.name}` : `ClusterRole /${role.name}`),
  };
  return policy;
}

function subjectKeys(binding: Binding): Set<string> {
  const keys = binding.subjects.map((subject) => subjectKey(subject, binding));
  return new Set(keys.filter((key) => key !== undefined));
}
