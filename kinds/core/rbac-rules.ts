import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../generated/types.ts';
import { pathSegmentFault, subdomainFault } from '../name-rules.ts';
import { invalid, notSupported, required, type Problem } from '../problem.ts';
import { isObject, jsonEqual } from '../schema/json.ts';

/** Group of users, groups and roles. */
const rbacGroup = 'rbac.authorization.k8s.io';

/** The role with a list of rules, empty where there are none. */
export function withRules<T extends Role | ClusterRole>(next: T): T {
  return { ...next, rules: next.rules ?? [] };
}

/** What breaks the rules on the rules of a role, with Kubernetes' texts. */
export function ruleProblems(rules: readonly PolicyRule[] = [], scope: 'Namespaced' | 'Cluster'): Problem[] {
  return rules.flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const verbs = rule.verbs?.length ? [] : [required(`${path}.verbs`, 'verbs must contain at least one value')];
    return [
      ...verbs,
      ...(rule.nonResourceURLs?.length ? urlProblems(path, rule, scope) : resourceProblems(path, rule)),
    ];
  });
}

function urlProblems(path: string, rule: PolicyRule, scope: 'Namespaced' | 'Cluster'): Problem[] {
  const refused = (detail: string): Problem => ({
    path: `${path}.nonResourceURLs`,
    reason: 'FieldValueInvalid',
    message: `Invalid value: []string{${rule.nonResourceURLs?.map((url) => JSON.stringify(url)).join(', ')}}: ${detail}`,
  });
  const mixed = rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length;
  return [
    ...(scope === 'Namespaced' ? [refused('namespaced rules cannot apply to non-resource URLs')] : []),
    ...(mixed ? [refused('rules cannot apply to both regular resources and non-resource URLs')] : []),
  ];
}

function resourceProblems(path: string, { apiGroups, resources }: PolicyRule): Problem[] {
  return [
    ...(apiGroups?.length ? [] : [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')]),
    ...(resources?.length ? [] : [required(`${path}.resources`, 'resource rules must supply at least one resource')]),
  ];
}

type Binding = RoleBinding | ClusterRoleBinding;

/** The binding with the groups that its subjects and its role have by their kinds, and without an empty list. */
export function withGroups<T extends Binding>(next: T): T {
  const { subjects, roleRef, ...rest } = next as Binding;
  return {
    ...rest,
    ...(isEmpty(subjects) ? {} : { subjects: Array.isArray(subjects) ? subjects.map(subjectWithGroup) : subjects }),
    ...(roleRef === undefined
      ? {}
      : { roleRef: isObject(roleRef) ? { ...roleRef, apiGroup: roleRef.apiGroup || rbacGroup } : roleRef }),
  } as T;
}

function isEmpty(subjects: unknown): boolean {
  return subjects === undefined || subjects === null || (Array.isArray(subjects) && subjects.length === 0);
}

/** The subject with the group that its kind has. */
export function subjectWithGroup(subject: Subject): Subject {
  // What has the wrong shape is left for the schema to refuse.
  if (!isObject(subject) || subject.apiGroup) return subject;
  const { apiGroup: _, ...rest } = subject;
  return subject.kind === 'User' || subject.kind === 'Group' ? { ...rest, apiGroup: rbacGroup } : rest;
}

/** What breaks the rules on a binding; `roles` are the kinds that it may refer to. */
export function bindingProblems(next: Binding, previous: Binding | undefined, roles: readonly string[]): Problem[] {
  const scope = next.metadata.namespace === undefined ? 'Cluster' : 'Namespaced';
  return [
    ...refProblems(next.roleRef, roles),
    ...(next.subjects ?? []).flatMap((subject, index) => subjectProblems(`subjects[${index}]`, subject, scope)),
    ...(previous === undefined || jsonEqual(next.roleRef, previous.roleRef) ? [] : [refChanged(next.roleRef)]),
  ];
}

function refProblems({ apiGroup, kind, name }: RoleRef, roles: readonly string[]): Problem[] {
  const fault = pathSegmentFault(name);
  return [
    ...(apiGroup === rbacGroup ? [] : [notSupported('roleRef.apiGroup', apiGroup, [rbacGroup])]),
    ...(roles.includes(kind) ? [] : [notSupported('roleRef.kind', kind, roles)]),
    ...(name === '' ? [required('roleRef.name')] : fault === undefined ? [] : [invalid('roleRef.name', name, fault)]),
  ];
}

/** Kubernetes shows the reference in the syntax of its language. */
function refChanged({ apiGroup, kind, name }: RoleRef): Problem {
  const shown = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  return { path: 'roleRef', reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: cannot change roleRef` };
}

/** What breaks the rules on a subject; one of a cluster-wide binding names its namespace. */
export function subjectProblems(path: string, subject: Subject, scope: 'Namespaced' | 'Cluster'): Problem[] {
  const { kind, name, apiGroup, namespace } = subject;
  const unnamed = name === '' ? [required(`${path}.name`)] : [];
  const ofGroup = (group: string): Problem[] =>
    (apiGroup ?? '') === group ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [group])];
  switch (kind) {
    case 'User':
    case 'Group':
      return [...unnamed, ...ofGroup(rbacGroup)];
    case 'ServiceAccount': {
      const fault = name === '' ? undefined : subdomainFault(name);
      return [
        ...unnamed,
        ...(fault === undefined ? [] : [invalid(`${path}.name`, name, fault)]),
        ...ofGroup(''),
        ...(scope === 'Cluster' && !namespace ? [required(`${path}.namespace`)] : []),
      ];
    }
    default:
      return [...unnamed, notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}
