import type { KindId } from '../../kinds/generated/types.ts';

/** The smallest good object of each kind, in an order in which they can be made; all are named `sample` and refer to each other. */
export const kindSamples = {
  Namespace: {},
  Location: {
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme', region: 'us-south1', zone: 'us-south1-a' } },
    },
  },
  Network: { spec: { ipam: { mode: 'Auto' } } },
  NetworkContext: { spec: { network: { name: 'sample' }, location: { name: 'sample', namespace: 'default' } } },
  NetworkPolicy: { spec: { network: { name: 'sample' } } },
  Subnet: {
    spec: {
      subnetClass: 'private',
      ipFamily: 'IPv4',
      networkContext: { name: 'sample' },
      location: { name: 'sample', namespace: 'default' },
    },
  },
  SubnetClaim: {
    spec: {
      subnetClass: 'private',
      ipFamily: 'IPv4',
      networkContext: { name: 'sample' },
      location: { name: 'sample', namespace: 'default' },
    },
  },
  Secret: { data: { key: 'dmFsdWU=' } },
  ConfigMap: { data: { key: 'value' } },
  Event: {
    involvedObject: { kind: 'Network', namespace: 'default', name: 'sample' },
    reason: 'Tested',
    type: 'Normal',
  },
  Lease: { spec: { holderIdentity: 'somebody', leaseDurationSeconds: 15 } },
  Role: { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }] },
  RoleBinding: {
    roleRef: { kind: 'Role', name: 'sample' },
    subjects: [{ kind: 'User', name: 'somebody' }],
  },
  ClusterRole: { rules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }] },
  ClusterRoleBinding: {
    roleRef: { kind: 'ClusterRole', name: 'sample' },
    subjects: [{ kind: 'Group', name: 'everybody' }],
  },
  ServiceAccount: {},
  ResourceQuota: { spec: { hard: { secrets: '1000' } } },
  Organization: { spec: { displayName: 'Sample' } },
  Project: { spec: { organization: { name: 'sample' } } },
  Workload: {
    spec: { template: template(), placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }] },
  },
  WorkloadDeployment: {
    spec: {
      workloadRef: { name: 'sample', uid: '00000000-0000-4000-8000-000000000000' },
      placementName: 'us',
      cityCode: 'DFW',
      template: template(),
      scaleSettings: { minReplicas: 1, instanceManagementPolicy: 'OrderedReady' },
    },
  },
  ControllerRevision: { data: { spec: { replicas: 1 } }, revision: 1 },
  NetworkBinding: { spec: { network: { name: 'sample' }, location: { name: 'sample', namespace: 'default' } } },
  Instance: { spec: { ...template().spec, location: { name: 'sample', namespace: 'default' } } },
} satisfies Record<KindId, Record<string, unknown>>;

/** Status in which an object refers to others, where it does. */
export const sampleStatus: Partial<Record<KindId, Record<string, unknown>>> = {
  NetworkBinding: { networkContextRef: { name: 'sample', namespace: 'default' } },
  SubnetClaim: { subnetRef: { name: 'sample' } },
  WorkloadDeployment: { location: { name: 'sample', namespace: 'default' } },
};

function template() {
  return {
    metadata: { labels: { tier: 'sample' } },
    spec: {
      runtime: {
        resources: { instanceType: 'datumcloud/d1-standard-2' },
        sandbox: {
          containers: [
            {
              name: 'main',
              image: 'docker.io/library/nginx:1.29',
              volumeAttachments: [
                { name: 'config', mountPath: '/etc/config' },
                { name: 'secret', mountPath: '/etc/secret' },
              ],
            },
          ],
        },
      },
      networkInterfaces: [{ network: { name: 'sample' } }],
      volumes: [
        { name: 'config', configMap: { name: 'sample' } },
        { name: 'secret', secret: { secretName: 'sample' } },
      ],
    },
  };
}
