import type { Read } from '../admit.ts';
import type { KindId, KindTypes } from '../generated/types.ts';
import type { Resource } from '../object.ts';

const metadata = {
  name: 'a',
  namespace: 'default',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const networking = 'networking.datumapis.com/v1alpha';
const rbac = 'rbac.authorization.k8s.io/v1';
const resourceManager = 'resourcemanager.datumapis.com/v1alpha1';
const resourceRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'] };
const compute = 'compute.datumapis.com/v1alpha';
const place = { name: 'l', namespace: 'default' };

/** A key as `ssh-keygen -t ed25519` makes it. */
export const sshKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFvu1ampWcwUbU93FFttOsdNDEOfyT1VbZxn3kx+FHF4 ops@example.com';

const machineSpec = {
  runtime: {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    virtualMachine: { volumeAttachments: [{ name: 'boot' }], ports: [{ name: 'http', port: 80 }] },
  },
  networkInterfaces: [{ network: { name: 'default' } }],
  volumes: [
    { name: 'boot', disk: { template: { spec: { populator: { image: { name: 'datumcloud/ubuntu-2204-lts' } } } } } },
  ],
};
const machineMeta = { annotations: { 'compute.datumapis.com/ssh-keys': `ops:${sshKey}\n` } };
const machineTemplate = { metadata: machineMeta, spec: machineSpec };
const placements = [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }];

/** A valid object of each kind, and of each shape of a workload. */
export const valid = {
  Namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: { ...metadata, namespace: undefined } },
  Secret: { apiVersion: 'v1', kind: 'Secret', metadata, data: { a: 'YQ==' } },
  ConfigMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' }, binaryData: { c: 'YQ==' } },
  Event: {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject: { kind: 'Network', namespace: 'default', name: 'n' },
  },
  Lease: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: { leaseDurationSeconds: 15 } },
  ControllerRevision: { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data: { a: 1 }, revision: 1 },
  Role: { apiVersion: rbac, kind: 'Role', metadata, rules: [resourceRule] },
  ClusterRole: {
    apiVersion: rbac,
    kind: 'ClusterRole',
    metadata: { ...metadata, name: 'system:reader', namespace: undefined },
    rules: [resourceRule, { verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }],
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
  },
  RoleBinding: {
    apiVersion: rbac,
    kind: 'RoleBinding',
    metadata,
    roleRef: { kind: 'Role', name: 'system:reader' },
    subjects: [
      { kind: 'User', name: 'jane@example.com' },
      { kind: 'ServiceAccount', name: 'deployer' },
    ],
  },
  ClusterRoleBinding: {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { ...metadata, namespace: undefined },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects: [
      { kind: 'Group', name: 'system:masters' },
      { kind: 'ServiceAccount', name: 'deployer', namespace: 'default' },
    ],
  },
  ServiceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
  ResourceQuota: {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata,
    spec: { hard: { secrets: '5', 'count/networks.networking.datumapis.com': 3, cpu: '1500m', memory: '64Gi' } },
  },
  Organization: {
    apiVersion: resourceManager,
    kind: 'Organization',
    metadata: { ...metadata, namespace: undefined },
    spec: { displayName: 'Acme Corporation', owners: [{ kind: 'User', name: 'jane@example.com' }] },
  },
  Project: {
    apiVersion: resourceManager,
    kind: 'Project',
    metadata: { ...metadata, namespace: undefined },
    spec: {
      displayName: 'Shop',
      owners: [{ kind: 'Group', name: 'shop' }],
      quotas: { machines: 10, namespaces: 3, 'count/projects.resourcemanager.datumapis.com': 1 },
    },
  },
  Location: {
    apiVersion: networking,
    kind: 'Location',
    metadata,
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'p', region: 'us-south1', zone: 'us-south1-a' } },
    },
  },
  Network: { apiVersion: networking, kind: 'Network', metadata, spec: { ipam: { mode: 'Auto' } } },
  NetworkContext: {
    apiVersion: networking,
    kind: 'NetworkContext',
    metadata,
    spec: { network: { name: 'n' }, location: place },
  },
  NetworkBinding: {
    apiVersion: networking,
    kind: 'NetworkBinding',
    metadata,
    spec: { network: { name: 'n' }, location: place },
  },
  NetworkPolicy: {
    apiVersion: networking,
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      network: { name: 'n' },
      ingress: [
        { ports: [{ port: 80, endPort: 90 }], from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
      ],
      egress: [{ ports: [{ port: 'http' }], to: [{ instanceSelector: {} }] }],
    },
  },
  SubnetClaim: {
    apiVersion: networking,
    kind: 'SubnetClaim',
    metadata,
    spec: { subnetClass: 'private', networkContext: { name: 'c' }, location: place, ipFamily: 'IPv4' },
  },
  Subnet: {
    apiVersion: networking,
    kind: 'Subnet',
    metadata,
    spec: { subnetClass: 'private', networkContext: { name: 'c' }, location: place, ipFamily: 'IPv4' },
  },
  Workload: { apiVersion: compute, kind: 'Workload', metadata, spec: { template: machineTemplate, placements } },
  Sandbox: {
    apiVersion: compute,
    kind: 'Workload',
    metadata,
    spec: {
      template: {
        spec: {
          runtime: {
            resources: { instanceType: 'datumcloud/d1-standard-2' },
            sandbox: {
              containers: [
                {
                  name: 'web',
                  image: 'docker.io/library/nginx:1.29',
                  env: [{ name: 'A', value: 'b' }],
                  ports: [{ name: 'http', port: 80 }],
                  volumeAttachments: [{ name: 'data', mountPath: '/data' }],
                },
              ],
            },
          },
          networkInterfaces: [
            {
              network: { name: 'default' },
              networkPolicy: { ingress: [{ ports: [{ port: 'http' }], from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
            },
          ],
          volumes: [
            {
              name: 'data',
              disk: {
                template: {
                  spec: { populator: { filesystem: { type: 'ext4' } }, resources: { requests: { storage: '10Gi' } } },
                },
              },
            },
          ],
        },
      },
      placements,
      gateway: {
        template: { spec: { listeners: [{ name: 'public', port: 80, protocol: 'TCP' }] } },
        tcpRoutes: [{ rules: [{ backendRefs: [{ name: 'http' }] }], parentRefs: [{ sectionName: 'public' }] }],
      },
    },
  },
  WorkloadDeployment: {
    apiVersion: compute,
    kind: 'WorkloadDeployment',
    metadata,
    spec: {
      workloadRef: { name: 'w', uid: 'u' },
      placementName: 'us',
      cityCode: 'DFW',
      template: machineTemplate,
      scaleSettings: { minReplicas: 1 },
    },
  },
  Instance: { apiVersion: compute, kind: 'Instance', metadata: { ...metadata, ...machineMeta }, spec: machineSpec },
} as const satisfies Record<string, { readonly kind: KindId; readonly [field: string]: unknown }>;

/** Name of a valid object. */
export type Fixture = keyof typeof valid;

/** What rules may read: the valid location, and no other object. */
export const readFixture: Read = {
  list: <K extends KindId>(kind: K) =>
    Promise.resolve((kind === 'Location' ? [valid.Location] : []) as unknown as KindTypes[K][]),
  get: () => Promise.resolve(undefined),
};

/**
 * A copy of a valid object with values put at paths such as `spec.placements[0].name`; a step with dots or slashes is
 * quoted: `metadata.labels["a/b"]`. The value undefined removes what is there.
 */
export function patched(fixture: Fixture, patch: Readonly<Record<string, unknown>>): Resource {
  const object = JSON.parse(JSON.stringify(valid[fixture])) as Resource;
  for (const [path, value] of Object.entries(patch)) put(object, path, value);
  return object;
}

function put(object: object, path: string, value: unknown): void {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const last = steps.pop() ?? '';
  let at = object as Record<string, unknown>;
  for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
}
