import type {
  KindTypes,
  Location,
  Network,
  NetworkBinding,
  SubnetClaim,
  Workload,
} from '../../kinds/generated/types.ts';
import { cityCodeKey } from '../../kinds/networking/topology.ts';
import type { Store } from '../../store/types.ts';
import { asAdmin } from './store.ts';

/** What a test declares, as a user would; everything in namespace `default`, with as little to write as possible. */
export function declare(store: Store): Declare {
  const create = async <K extends keyof KindTypes>(kind: K, name: string, spec: object): Promise<KindTypes[K]> => {
    const { object } = await store.create(asAdmin, kind, { metadata: { name, namespace: 'default' }, spec });
    return object as KindTypes[K];
  };
  return {
    location: (name, city) =>
      create('Location', name, {
        locationClassName: 'self-managed',
        topology: { [cityCodeKey]: city },
        provider: { gcp: { projectId: 'acme', region: 'us-south1', zone: 'us-south1-a' } },
      }),
    network: (name, spec = {}) => create('Network', name, { ipam: { mode: 'Auto' }, ...spec }),
    binding: (name, network, location) =>
      create('NetworkBinding', name, {
        network: { name: network },
        location: { name: location, namespace: 'default' },
      }),
    claim: (name, networkContext, spec = {}) =>
      create('SubnetClaim', name, {
        subnetClass: 'private',
        ipFamily: 'IPv4',
        networkContext: { name: networkContext },
        location: { name: 'dfw', namespace: 'default' },
        ...spec,
      }),
    workload: (
      name,
      {
        networks = ['default'],
        image = 'docker.io/library/nginx:1.29',
        cities = ['DFW'],
        replicas = 1,
        policy = 'OrderedReady',
      } = {},
    ) =>
      create('Workload', name, {
        template: templateOf(networks, image),
        placements: [
          { name: 'us', cityCodes: cities, scaleSettings: { minReplicas: replicas, instanceManagementPolicy: policy } },
        ],
      }),
  };
}

/** A template of one container with an interface in each network. */
export function templateOf(networks: readonly string[], image: string): Workload['spec']['template'] {
  return {
    metadata: { labels: { tier: 'test' } },
    spec: {
      runtime: {
        resources: { instanceType: 'datumcloud/d1-standard-2' },
        sandbox: { containers: [{ name: 'main', image }] },
      },
      networkInterfaces: networks.map((name) => ({ network: { name } })),
    },
  };
}

interface WorkloadOptions {
  readonly networks?: readonly string[];
  readonly image?: string;
  readonly cities?: readonly string[];
  readonly replicas?: number;
  readonly policy?: 'OrderedReady' | 'Parallel';
}

interface Declare {
  location(name: string, city: string): Promise<Location>;
  network(name: string, spec?: Partial<Network['spec']>): Promise<Network>;
  binding(name: string, network: string, location: string): Promise<NetworkBinding>;
  claim(name: string, networkContext: string, spec?: Partial<SubnetClaim['spec']>): Promise<SubnetClaim>;
  workload(name: string, options?: WorkloadOptions): Promise<Workload>;
}
