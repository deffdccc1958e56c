/** Message of what a body is within its package, and how the package is called in the published sources. */
export interface TopLevel {
  readonly package: string;
  readonly kinds: readonly string[];
}

/** Kinds that stand at every `apiVersion`. */
export const everywhere: TopLevel = {
  package: 'k8s.io.apimachinery.pkg.apis.meta.v1',
  kinds: ['DeleteOptions', 'PartialObjectMetadata', 'PartialObjectMetadataList', 'Status'],
};

/** Kinds of each `apiVersion`. */
export const topLevel: ReadonlyMap<string, TopLevel> = new Map([
  [
    'v1',
    {
      package: 'k8s.io.api.core.v1',
      kinds: ['ConfigMap', 'Event', 'Namespace', 'ResourceQuota', 'Secret', 'ServiceAccount'],
    },
  ],
  [
    'authentication.k8s.io/v1',
    { package: 'k8s.io.api.authentication.v1', kinds: ['SelfSubjectReview', 'TokenRequest', 'TokenReview'] },
  ],
  [
    'authorization.k8s.io/v1',
    {
      package: 'k8s.io.api.authorization.v1',
      kinds: ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
    },
  ],
  ['coordination.k8s.io/v1', { package: 'k8s.io.api.coordination.v1', kinds: ['Lease'] }],
  ['events.k8s.io/v1', { package: 'k8s.io.api.events.v1', kinds: ['Event'] }],
  [
    'rbac.authorization.k8s.io/v1',
    { package: 'k8s.io.api.rbac.v1', kinds: ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'] },
  ],
]);

/** Message that says which kind a body is. */
export const typeMeta = 'k8s.io.apimachinery.pkg.runtime.TypeMeta';

/** Full name of the message of a kind; undefined for one that has none. */
export function messageName(apiVersion: string, kind: string): string | undefined {
  const found = [topLevel.get(apiVersion), everywhere].find((entry) => entry?.kinds.includes(kind));
  return found && `${found.package}.${kind}`;
}
