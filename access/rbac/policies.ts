import type { PolicyRule } from '../../kinds/admit.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import type { Authority, Decision, Wanted } from '../authorise.ts';
import type { Identity } from '../identity.ts';
import type { RuleKind } from './objects.ts';
import { createPolicy, type Policy } from './policy.ts';
import { traceOf } from './trace.ts';

/** An object that is part of the rules of a project; without an object, one that is gone. */
export interface RuleObject {
  readonly project: string;
  readonly kind: RuleKind;
  readonly key: Key;
  readonly object: Resource | undefined;
}

/** The access rules of all projects, and what they decide. */
export interface Policies extends Authority {
  /** Takes changes over, all at once as far as anybody can tell, and tells those who listen. */
  apply(changes: readonly RuleObject[]): void;
  /** Puts these objects in the place of all that was known. */
  replace(objects: readonly RuleObject[]): void;
}

/** Group whose members may do all, whatever the rules say. */
const masters = 'system:masters';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
const allowed: Decision = { allowed: true, reason: '' };
const denied: Decision = { allowed: false, reason: '' };

/** Policies without rules: until they are told some, only the administrators' group may do anything. */
export function createPolicies(): Policies {
  let projects = new Map<string, Policy>();
  const listeners = new Map<string, Set<() => void>>();

  const decide = (identity: Identity, wanted: Wanted): Decision => {
    if (isElsewhere(identity)) return denied;
    if (identity.groups.includes(masters)) return allowed;
    const grants = projects.get(identity.project)?.grantsOf(identity);
    if (grants === undefined) return denied;
    return ('path' in wanted ? grants.path(wanted) : grants.resource(wanted)) ?? denied;
  };

  function put(into: Map<string, Policy>, { project, kind, key, object }: RuleObject): void {
    let policy = into.get(project);
    if (policy === undefined) into.set(project, (policy = createPolicy()));
    policy.set(kind, key, object);
  }

  function tell(changed: Iterable<string>): void {
    for (const project of changed) {
      // Who is told may stop listening, or begin again.
      const told = [...(listeners.get(project) ?? [])];
      for (const listener of told) listener();
    }
  }

  return {
    authorise: decide,
    namespacesFor(identity, wanted) {
      if (isElsewhere(identity)) return [];
      if (identity.groups.includes(masters)) return 'all';
      return projects.get(identity.project)?.grantsOf(identity).namespacesFor(wanted) ?? [];
    },
    isBound: (identity) =>
      !isElsewhere(identity) && projects.get(identity.project)?.grantsOf(identity).isNamed === true,
    rulesFor(identity, namespace) {
      if (isElsewhere(identity)) return [];
      const grants = projects.get(identity.project)?.grantsOf(identity);
      const own = [
        ...(grants?.everywhere.rules ?? []),
        // What a binding in a namespace says of paths has no force.
        ...(namespace === undefined ? [] : (grants?.in(namespace)?.rules ?? [])).filter(
          ({ nonResourceURLs }) => !nonResourceURLs?.length,
        ),
      ];
      return identity.groups.includes(masters) ? [...everything, ...own] : own;
    },
    explain: (identity, wanted) => traceOf(projects.get(identity.project), identity, wanted, decide(identity, wanted)),
    onChange(project, listener) {
      const all = listeners.get(project) ?? new Set();
      listeners.set(project, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0 && listeners.get(project) === all) listeners.delete(project);
      };
    },
    apply(changes) {
      for (const change of changes) put(projects, change);
      tell(new Set(changes.map(({ project }) => project)));
    },
    replace(objects) {
      const fresh = new Map<string, Policy>();
      for (const object of objects) put(fresh, object);
      const changed = new Set([...projects.keys(), ...fresh.keys()]);
      projects = fresh;
      tell(changed);
    },
  };
}

/** A credential of one project is worth nothing in another. */
function isElsewhere({ boundTo, project }: Identity): boolean {
  return boundTo !== undefined && boundTo !== project;
}
