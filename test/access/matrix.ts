import type { KindId } from '../../kinds/generated/types.ts';

/** What somebody may do with a kind: nothing, see the one of its own namespace, read, or read and write. */
export type Level = 'none' | 'own' | 'read' | 'write';

/** Identities of the matrix; those with a role have it in namespace `default` only. */
export const identities = [
  'anonymous',
  'nobody',
  'viewer',
  'editor',
  'administrator',
  'service account of an editor',
  'stranger from another project',
  'master',
] as const;
export type IdentityName = (typeof identities)[number];

/**
 * What the roles `view`, `edit` and `admin`, bound in a namespace, give of each kind. Written by hand: it says what must be so,
 * not what the roles happen to say. A new kind needs a row.
 */
export const levels: Readonly<Record<KindId, readonly [view: Level, edit: Level, admin: Level]>> = {
  Namespace: ['own', 'own', 'own'],
  ConfigMap: ['read', 'write', 'write'],
  Secret: ['none', 'write', 'write'],
  ServiceAccount: ['read', 'write', 'write'],
  Event: ['read', 'write', 'write'],
  Lease: ['read', 'write', 'write'],
  ControllerRevision: ['read', 'read', 'read'],
  ResourceQuota: ['read', 'read', 'read'],
  Role: ['none', 'none', 'write'],
  RoleBinding: ['none', 'none', 'write'],
  ClusterRole: ['none', 'none', 'none'],
  ClusterRoleBinding: ['none', 'none', 'none'],
  Organization: ['none', 'none', 'none'],
  Project: ['none', 'none', 'none'],
  Location: ['read', 'read', 'read'],
  Network: ['read', 'write', 'write'],
  NetworkContext: ['read', 'write', 'write'],
  NetworkBinding: ['read', 'write', 'write'],
  NetworkPolicy: ['read', 'write', 'write'],
  Subnet: ['read', 'write', 'write'],
  SubnetClaim: ['read', 'write', 'write'],
  Workload: ['read', 'write', 'write'],
  WorkloadDeployment: ['read', 'write', 'write'],
  Instance: ['read', 'write', 'write'],
};

/**
 * Root fields of GraphQL that belong to no kind, each with an operation that everybody who is known may send, and what it
 * answers to one who may do nothing. A new one needs a row. `shownIn` names the test that shows another answer to those who may,
 * where this world has nothing to show them.
 */
export const otherFields: Readonly<
  Record<string, { readonly operation: string; readonly nobody: unknown; readonly shownIn?: string }>
> = {
  node: { operation: '{ node(id: "ID") { id } }', nobody: { node: null } },
  nodes: { operation: '{ nodes(ids: ["ID"]) { id } }', nobody: { nodes: [null] } },
  viewer: { operation: '{ viewer { user project } }', nobody: { viewer: { user: 'nobody', project: 'default' } } },
  viewerCan: {
    operation: '{ viewerCan(verb: "get", kind: "Network", namespace: "default") }',
    nobody: { viewerCan: false },
  },
  whoHas: {
    operation: '{ whoHas(address: "10.128.0.2") { range } }',
    nobody: { whoHas: [] },
    shownIn: 'subgraphs/core/addresses.test.ts',
  },
  auditRecords: { operation: '{ auditRecords(first: 1) { pageInfo { hasNextPage } } }', nobody: 'FORBIDDEN' },
  createServiceAccountToken: {
    operation:
      'mutation { createServiceAccountToken(namespace: "default", name: "robot") { audiences userErrors { code } } }',
    nobody: { createServiceAccountToken: { audiences: null, userErrors: [{ code: 'FORBIDDEN' }] } },
  },
  whyDenied: {
    operation: '{ whyDenied(user: "viewer", verb: "get", kind: "Network", namespace: "default") { allowed } }',
    nobody: 'FORBIDDEN',
  },
};

/** Level of an identity for a kind. */
export function levelOf(identity: IdentityName, kind: KindId): Level {
  const [view, edit, admin] = levels[kind];
  switch (identity) {
    case 'viewer':
      return view;
    case 'editor':
    case 'service account of an editor':
      return edit;
    case 'administrator':
      return admin;
    case 'master':
      return 'write';
    case 'anonymous':
    case 'nobody':
    case 'stranger from another project':
      return 'none';
  }
}
