import {
  bool,
  bytes,
  int32,
  int64,
  list,
  map,
  microTime,
  named,
  pointer,
  raw,
  string,
  struct,
  time,
  type Field,
  type GoType,
} from './go-type.ts';

const uid = named('types.UID');

const ownerReference = struct('v1.OwnerReference', {
  apiVersion: string,
  kind: string,
  name: string,
  uid,
  controller: pointer(bool),
  blockOwnerDeletion: pointer(bool),
});

const managedFieldsEntry = struct('v1.ManagedFieldsEntry', {
  manager: string,
  operation: named('v1.ManagedFieldsOperationType'),
  apiVersion: string,
  time: pointer(time),
  fieldsType: string,
  fieldsV1: pointer(raw),
  subresource: string,
});

/** Metadata of every kind. */
export const objectMeta = struct('v1.ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: pointer(time),
  deletionTimestamp: pointer(time),
  deletionGracePeriodSeconds: pointer(int64),
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(ownerReference),
  finalizers: list(string),
  managedFields: list(managedFieldsEntry),
});

const objectReference = struct('v1.ObjectReference', {
  kind: string,
  namespace: string,
  name: string,
  uid,
  apiVersion: string,
  resourceVersion: string,
  fieldPath: string,
});

const eventSource = struct('v1.EventSource', { component: string, host: string });
const eventSeries = struct('v1.EventSeries', { count: int32, lastObservedTime: pointer(microTime) });

const subject = struct('v1.Subject', { kind: string, apiGroup: string, name: string, namespace: string });
const roleRef = struct('v1.RoleRef', { apiGroup: string, kind: string, name: string });
const rules = list(
  struct('v1.PolicyRule', {
    verbs: list(string),
    apiGroups: list(string),
    resources: list(string),
    resourceNames: list(string),
    nonResourceURLs: list(string),
  }),
);

const labelSelector = struct('v1.LabelSelector', {
  matchLabels: map(string),
  matchExpressions: list(
    struct('v1.LabelSelectorRequirement', {
      key: string,
      operator: named('v1.LabelSelectorOperator'),
      values: list(string),
    }),
  ),
});

const resourceAttributes = struct('v1.ResourceAttributes', {
  namespace: string,
  verb: string,
  group: string,
  version: string,
  resource: string,
  subresource: string,
  name: string,
  fieldSelector: pointer(raw),
  labelSelector: pointer(raw),
});
const nonResourceAttributes = struct('v1.NonResourceAttributes', { path: string, verb: string });
const accessAttributes = {
  resourceAttributes: pointer(resourceAttributes),
  nonResourceAttributes: pointer(nonResourceAttributes),
};
const accessSpec = struct('v1.SubjectAccessReviewSpec', {
  ...accessAttributes,
  user: string,
  groups: list(string),
  extra: map(list(string)),
  uid: string,
});

/** Options of a delete. */
export const deleteOptions = kind('DeleteOptions', {
  gracePeriodSeconds: pointer(int64),
  preconditions: pointer(struct('v1.Preconditions', { uid: pointer(uid), resourceVersion: pointer(string) })),
  orphanDependents: pointer(bool),
  propagationPolicy: pointer(named('v1.DeletionPropagation')),
  dryRun: list(string),
  ignoreStoreReadErrorWithClusterBreakingPotential: pointer(bool),
});

/** The kinds that are compiled into Kubernetes, by group and kind. The answers to reviews are ours, so they pass as they are. */
const kinds: Readonly<Record<string, GoType>> = {
  '/ConfigMap': object('ConfigMap', { data: map(string), binaryData: map(bytes), immutable: pointer(bool) }),
  '/Secret': object('Secret', {
    data: map(bytes),
    stringData: map(string),
    type: named('v1.SecretType'),
    immutable: pointer(bool),
  }),
  '/ResourceQuota': object('ResourceQuota', {
    spec: struct('v1.ResourceQuotaSpec', {
      hard: map(raw),
      scopes: list(named('v1.ResourceQuotaScope')),
      scopeSelector: pointer(raw),
    }),
    status: struct('v1.ResourceQuotaStatus', { hard: map(raw), used: map(raw) }),
  }),
  '/ServiceAccount': object('ServiceAccount', {
    secrets: list(objectReference),
    imagePullSecrets: list(struct('v1.LocalObjectReference', { name: string })),
    automountServiceAccountToken: pointer(bool),
  }),
  '/Namespace': object('Namespace', {
    spec: struct('v1.NamespaceSpec', { finalizers: list(named('v1.FinalizerName')) }),
    status: struct('v1.NamespaceStatus', {
      phase: named('v1.NamespacePhase'),
      conditions: list(
        struct('v1.NamespaceCondition', {
          type: named('v1.NamespaceConditionType'),
          status: named('v1.ConditionStatus'),
          lastTransitionTime: pointer(time),
          reason: string,
          message: string,
        }),
      ),
    }),
  }),
  '/Event': object('Event', {
    involvedObject: pointer(objectReference),
    reason: string,
    message: string,
    source: eventSource,
    firstTimestamp: pointer(time),
    lastTimestamp: pointer(time),
    count: int32,
    type: string,
    eventTime: pointer(microTime),
    series: pointer(eventSeries),
    action: string,
    related: pointer(objectReference),
    reportingComponent: string,
    reportingInstance: string,
  }),
  'events.k8s.io/Event': object('Event', {
    eventTime: pointer(microTime),
    series: pointer(eventSeries),
    reportingController: string,
    reportingInstance: string,
    action: string,
    reason: string,
    regarding: objectReference,
    related: pointer(objectReference),
    note: string,
    type: string,
    deprecatedSource: eventSource,
    deprecatedFirstTimestamp: pointer(time),
    deprecatedLastTimestamp: pointer(time),
    deprecatedCount: int32,
  }),
  'coordination.k8s.io/Lease': object('Lease', {
    spec: struct('v1.LeaseSpec', {
      holderIdentity: pointer(string),
      leaseDurationSeconds: pointer(int32),
      acquireTime: pointer(microTime),
      renewTime: pointer(microTime),
      leaseTransitions: pointer(int32),
      strategy: pointer(named('v1.CoordinatedLeaseStrategy')),
      preferredHolder: pointer(string),
    }),
  }),
  'rbac.authorization.k8s.io/Role': object('Role', { rules }),
  'rbac.authorization.k8s.io/ClusterRole': object('ClusterRole', {
    rules,
    aggregationRule: pointer(struct('v1.AggregationRule', { clusterRoleSelectors: list(labelSelector) })),
  }),
  'rbac.authorization.k8s.io/RoleBinding': object('RoleBinding', {
    subjects: list(subject),
    roleRef: pointer(roleRef),
  }),
  'rbac.authorization.k8s.io/ClusterRoleBinding': object('ClusterRoleBinding', {
    subjects: list(subject),
    roleRef: pointer(roleRef),
  }),
  'autoscaling/Scale': object('Scale', {
    spec: struct('v1.ScaleSpec', { replicas: pointer(int32) }),
    status: struct('v1.ScaleStatus', { replicas: pointer(int32), selector: string }),
  }),
  'authorization.k8s.io/SubjectAccessReview': object('SubjectAccessReview', { spec: accessSpec, status: raw }),
  'authorization.k8s.io/LocalSubjectAccessReview': object('LocalSubjectAccessReview', {
    spec: accessSpec,
    status: raw,
  }),
  'authorization.k8s.io/SelfSubjectAccessReview': object('SelfSubjectAccessReview', {
    spec: struct('v1.SelfSubjectAccessReviewSpec', accessAttributes),
    status: raw,
  }),
  'authorization.k8s.io/SelfSubjectRulesReview': object('SelfSubjectRulesReview', {
    spec: struct('v1.SelfSubjectRulesReviewSpec', { namespace: string }),
    status: raw,
  }),
  'authentication.k8s.io/SelfSubjectReview': object('SelfSubjectReview', { status: raw }),
  'authentication.k8s.io/TokenRequest': object('TokenRequest', {
    spec: struct('v1.TokenRequestSpec', {
      audiences: list(string),
      expirationSeconds: pointer(int64),
      boundObjectRef: pointer(
        struct('v1.BoundObjectReference', { kind: string, apiVersion: string, name: string, uid }),
      ),
    }),
    status: raw,
  }),
  'authentication.k8s.io/TokenReview': object('TokenReview', {
    spec: struct('v1.TokenReviewSpec', { token: string, audiences: list(string) }),
    status: raw,
  }),
};

/** Type of a built-in kind; undefined for kinds that Kubernetes has not compiled in, or that cannot be written here. */
export function goKind(group: string, name: string): GoType | undefined {
  const key = `${group}/${name}`;
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
}

function object(name: string, fields: Readonly<Record<string, Field>>): GoType {
  return kind(name, { metadata: pointer(objectMeta), ...fields });
}

function kind(name: string, fields: Readonly<Record<string, Field>>): GoType {
  return struct(`v1.${name}`, { apiVersion: string, kind: string, ...fields });
}
