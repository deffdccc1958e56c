import type { PolicyRule } from '../kinds/admit.ts';
import { aggregatedRules } from '../kinds/core/aggregated-rules.ts';
import type { ClusterRole } from '../kinds/generated/types.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Registry } from '../kinds/registry.ts';
import { usedKinds } from './used-kinds.ts';

/** A role that every project has. */
export type BuiltInRole = Pick<ClusterRole, 'rules' | 'aggregationRule'> & {
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
};

/** A binding that every project has, of the role by its name to a group. */
export interface BuiltInBinding {
  readonly name: string;
  readonly group: string;
}

/** Who has which role from the start; nobody else has any right. */
export const builtInBindings: readonly BuiltInBinding[] = [
  { name: 'cluster-admin', group: 'system:masters' },
  { name: 'system:discovery', group: 'system:authenticated' },
  { name: 'system:basic-user', group: 'system:authenticated' },
  { name: 'system:service-account-issuer-discovery', group: 'system:serviceaccounts' },
];

const reading = ['get', 'list', 'watch'];
const writing = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** Kinds that not every reader or editor of a namespace may see or change. */
const special: Readonly<Record<string, { readonly view?: false; readonly edit?: false; readonly admin?: false }>> = {
  // Whoever reads them holds what they protect.
  Secret: { view: false },
  Role: { view: false, edit: false },
  RoleBinding: { view: false, edit: false },
  // Set by whoever gives out the namespace.
  ControllerRevision: { edit: false, admin: false },
  ResourceQuota: { edit: false, admin: false },
  // Machines of all namespaces, with their secrets, go to whatever cloud project a location of their city names.
  Location: { edit: false, admin: false },
};

/** Groups besides its own at which a kind is served. */
const alsoServed: Readonly<Record<string, readonly string[]>> = { Event: ['events.k8s.io'] };

/** The roles that every project has, for all kinds of a registry. */
export function builtInRoles(registry: Registry): BuiltInRole[] {
  const kinds = registry.all().filter(({ scope }) => scope === 'Namespaced');
  const may = (level: 'view' | 'edit' | 'admin') => (kind: Kind) => special[kind.id]?.[level] !== false;
  const view = kinds.filter(may('view'));
  const edit = kinds.filter(may('edit'));
  const admin = kinds.filter((kind) => !edit.includes(kind) && may('admin')(kind));
  const parts: BuiltInRole[] = [
    role('system:aggregate-to-view', aggregateTo('view'), [
      ...rulesOf(view, reading),
      ...rulesOf(view, ['get'], partsOf),
      { verbs: reading, apiGroups: [''], resources: ['namespaces'] },
    ]),
    role('system:aggregate-to-edit', aggregateTo('edit'), [
      ...rulesOf(edit, [...reading, ...writing]),
      ...rulesOf(edit, ['patch', 'update'], ({ hasScale, plural }) => (hasScale ? [`${plural}/scale`] : [])),
      ...rulesOf(edit, ['use'], ({ id, plural }) => (usedKinds.has(id) ? [plural] : [])),
      ...rulesOf(edit, ['impersonate'], ({ id, plural }) => (id === 'ServiceAccount' ? [plural] : [])),
      ...rulesOf(edit, ['create'], ({ id, plural }) => (id === 'ServiceAccount' ? [`${plural}/token`] : [])),
    ]),
    role('system:aggregate-to-admin', aggregateTo('admin'), [
      ...rulesOf(admin, [...reading, ...writing]),
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
    ]),
  ];
  const levels = [
    { ...role('view', aggregateTo('edit')), ...aggregates('view') },
    { ...role('edit', aggregateTo('admin')), ...aggregates('edit') },
    { ...role('admin', {}), ...aggregates('admin') },
  ];
  const all: BuiltInRole[] = [...parts];
  // Each adds up the one before it.
  for (const level of levels) all.push({ ...level, rules: copies(aggregatedRules(level, all) ?? []) });
  return [...all, ...others];
}

const others: readonly BuiltInRole[] = [
  role('cluster-admin', {}, [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ]),
  role('system:discovery', {}, [
    {
      verbs: ['get', 'head'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
  ]),
  role('system:basic-user', {}, [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ]),
  // For those who verify tokens of service accounts.
  role('system:service-account-issuer-discovery', {}, [
    {
      verbs: ['get', 'head'],
      nonResourceURLs: ['/.well-known/openid-configuration', '/openid/v1/jwks'],
    },
  ]),
  // For programs that let others decide who may use them.
  role('system:auth-delegator', {}, [
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'] },
    { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
  ]),
];

function role(name: string, labels: Record<string, string>, rules: readonly PolicyRule[] = []): BuiltInRole {
  return {
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels } },
    rules: copies(rules),
  };
}

/** Label that lets a role add its rules to one of the three levels. */
function aggregateTo(level: string): Record<string, string> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${level}`]: 'true' };
}

function aggregates(level: string): Pick<ClusterRole, 'aggregationRule'> {
  return { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(level) }] } };
}

/** Parts of the objects of a kind that its readers may read by a path of their own. */
function partsOf({ id, plural, hasStatus, hasScale }: Kind): string[] {
  return [
    ...(id === 'Instance' ? [`${plural}/log`] : []),
    ...(hasScale ? [`${plural}/scale`] : []),
    ...(hasStatus ? [`${plural}/status`] : []),
  ];
}

/** One rule for each group of the kinds. */
function rulesOf(
  kinds: readonly Kind[],
  verbs: readonly string[],
  resourcesOf: (kind: Kind) => readonly string[] = ({ plural }) => [plural],
): PolicyRule[] {
  const byGroup = new Map<string, string[]>();
  for (const kind of kinds)
    for (const group of [kind.group, ...(alsoServed[kind.id] ?? [])])
      byGroup.set(group, [...(byGroup.get(group) ?? []), ...resourcesOf(kind)]);
  return [...byGroup]
    .filter(([, resources]) => resources.length > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({ verbs, apiGroups: [group], resources: resources.toSorted() }));
}

/** Rules as the store takes them, sharing nothing with each other. */
function copies(rules: readonly PolicyRule[]): NonNullable<ClusterRole['rules']> {
  return structuredClone(rules) as NonNullable<ClusterRole['rules']>;
}
