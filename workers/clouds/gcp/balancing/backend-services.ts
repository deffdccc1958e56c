import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';
import { normalReference } from '../references.ts';

export type BackendServiceBody = compute_v1.Schema$BackendService;

/** What connections are led to: groups of endpoints, or groups of machines with the name that they give to the port. */
export type Backends =
  | { readonly kind: 'endpoints'; readonly groups: readonly CloudGroup[] }
  | { readonly kind: 'machines'; readonly groups: readonly CloudGroup[]; readonly portName: string };

/** A zonal group by scope and name. */
export interface CloudGroup {
  readonly scope: string;
  readonly name: string;
}

/** Connections at a time that an endpoint is taken to bear; with more, others are preferred, but none is turned away. */
const connectionsPerEndpoint = 1_000;

export function backendServiceBody(service: {
  readonly account: string;
  readonly name: string;
  readonly healthCheck: string;
  readonly backends: Backends;
  readonly marker: Omit<Marker, 'specHash'>;
}): BackendServiceBody {
  const { account, name, healthCheck, backends, marker } = service;
  const reference = ({ scope, name: group }: CloudGroup): string =>
    `projects/${account}/${scope}/${backends.kind === 'endpoints' ? 'networkEndpointGroups' : 'instanceGroups'}/${group}`;
  const limit =
    backends.kind === 'endpoints'
      ? { balancingMode: 'CONNECTION', maxConnectionsPerEndpoint: connectionsPerEndpoint }
      : { balancingMode: 'UTILIZATION', maxUtilization: 0.8 };
  const wanted = {
    name,
    protocol: 'TCP',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    timeoutSec: 30,
    ...(backends.kind === 'machines' ? { portName: backends.portName } : {}),
    healthChecks: [`projects/${account}/global/healthChecks/${healthCheck}`],
    backends: backends.groups.map((group) => ({ group: reference(group), ...limit })),
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(service: BackendServiceBody, account: string): Projection {
  const backends = service.backends ?? [];
  // The name of a port says something for groups of machines only.
  const isNamed = backends.some(({ group }) => group?.includes('/instanceGroups/'));
  return {
    protocol: service.protocol,
    loadBalancingScheme: service.loadBalancingScheme,
    timeoutSec: service.timeoutSec,
    portName: isNamed ? service.portName : undefined,
    healthChecks: service.healthChecks?.map((check) => normalReference(check, account)),
    backends: backends
      .map((backend) =>
        [
          normalReference(backend.group ?? '', account),
          backend.balancingMode,
          backend.maxConnectionsPerEndpoint || backend.maxUtilization,
          backend.capacityScaler ?? 1,
        ].join(' '),
      )
      .toSorted(),
  };
}

function observe(service: BackendServiceBody, account: string): Observation {
  return {
    targetId: service.id ?? '',
    marker: markerOf(service.description),
    projection: projection(service, account),
    facts: {},
    settled: true,
  };
}

/** What proxies lead connections to. */
export const backendServices: CloudApi<BackendServiceBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.backendServices.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.backendServices.get({ project: account, backendService: name }));
    return found && observe(found, account);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.backendServices.delete({ project: account, backendService: name, requestId })),
  list: ({ compute }, account) =>
    observeAll(
      (page) => compute.backendServices.list({ project: account, ...page }),
      (service) => observe(service, account),
    ),
  async patch({ compute }, { account, name }, body, requestId) {
    const at = { project: account, backendService: name };
    const { data } = await compute.backendServices.get({ ...at, fields: 'fingerprint' });
    const requestBody = { ...body, fingerprint: data.fingerprint ?? null };
    return progressOf((await compute.backendServices.patch({ ...at, requestId, requestBody })).data);
  },
};
