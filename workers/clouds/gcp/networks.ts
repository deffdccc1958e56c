import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation, Projection } from './cloud-object.ts';
import { specHash } from './hash.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';

export type NetworkBody = compute_v1.Schema$Network;

/** Google leaves it out of answers where it is the default. */
const defaultMtu = 1460;

/** A VPC network of custom subnets with regional routing. `mtu` in bytes; `ulaRange` a /48 for internal IPv6, if any. */
export function networkBody(network: {
  readonly name: string;
  readonly mtu: number;
  readonly ulaRange?: string;
  readonly marker: Omit<Marker, 'specHash'>;
}): NetworkBody {
  const { name, mtu, ulaRange, marker } = network;
  const wanted = {
    name,
    // Absent would mean a legacy network.
    autoCreateSubnetworks: false,
    mtu,
    routingConfig: { routingMode: 'REGIONAL' },
    ...(ulaRange === undefined ? {} : { enableUlaInternalIpv6: true, internalIpv6Range: ulaRange }),
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(network: NetworkBody): Projection {
  return {
    autoCreateSubnetworks: network.autoCreateSubnetworks,
    mtu: network.mtu ?? defaultMtu,
    routingMode: network.routingConfig?.routingMode,
    ulaRange: network.enableUlaInternalIpv6 ? network.internalIpv6Range : undefined,
  };
}

function observe(network: NetworkBody): Observation {
  return {
    targetId: network.id ?? '',
    marker: markerOf(network.description),
    projection: projection(network),
    facts: {},
    settled: true,
  };
}

export const networks: CloudApi<NetworkBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.networks.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.networks.get({ project: account, network: name }));
    return found && observe(found);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.networks.delete({ project: account, network: name, requestId })),
  list: ({ compute }, account) => observeAll((page) => compute.networks.list({ project: account, ...page }), observe),
  async patch({ compute }, { account, name }, body, requestId) {
    const { mtu, routingConfig, enableUlaInternalIpv6, internalIpv6Range } = body;
    const requestBody = {
      ...(mtu === undefined ? {} : { mtu }),
      ...(routingConfig === undefined ? {} : { routingConfig }),
      ...(enableUlaInternalIpv6 && internalIpv6Range ? { enableUlaInternalIpv6, internalIpv6Range } : {}),
    };
    return progressOf((await compute.networks.patch({ project: account, network: name, requestId, requestBody })).data);
  },
};
