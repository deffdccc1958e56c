import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type Disruption, type Observation, type Projection, regionOf } from './cloud-object.ts';
import { difference, setOf } from './firewall-policy/ip-set.ts';
import { specHash } from './hash.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { networkReference, normalReference } from './references.ts';

export type SubnetworkBody = compute_v1.Schema$Subnetwork;

/** An IPv4 subnetwork for machines. `range` is a CIDR with host bits zero. */
export function subnetworkBody(subnet: {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly network: string;
  readonly range: string;
  readonly marker: Omit<Marker, 'specHash'>;
}): SubnetworkBody {
  const { account, region, name, network, range, marker } = subnet;
  const wanted = {
    name,
    network: networkReference(account, network),
    region: `projects/${account}/regions/${region}`,
    ipCidrRange: range,
    purpose: 'PRIVATE',
    stackType: 'IPV4_ONLY',
  };
  return { ...wanted, description: descriptionOf({ ...marker, specHash: specHash(wanted) }) };
}

function projection(subnet: SubnetworkBody, account: string): Projection {
  return {
    network: normalReference(subnet.network ?? '', account),
    ipCidrRange: subnet.ipCidrRange,
    // PRIVATE_RFC_1918 is what PRIVATE was once called.
    purpose: subnet.purpose === 'PRIVATE_RFC_1918' ? 'PRIVATE' : subnet.purpose,
    stackType: subnet.stackType ?? 'IPV4_ONLY',
  };
}

function observe(subnet: SubnetworkBody, account: string): Observation {
  return {
    targetId: subnet.id ?? '',
    marker: markerOf(subnet.description),
    projection: projection(subnet, account),
    facts: {},
    // There is no state to wait for: a genuine answer has none.
    settled: true,
  };
}

/** A range can grow around itself; anything else about a subnetwork is for good. */
function disruption(declared: Projection, observed: Projection): Disruption | undefined {
  const changed = Object.keys(declared).filter((field) => declared[field] !== observed[field]);
  if (changed.length === 0) return undefined;
  const grows = changed.every((field) => field === 'ipCidrRange') && contains(declared, observed);
  return grows ? 'InPlace' : 'NeedsReplace';
}

function contains({ ipCidrRange: outer }: Projection, { ipCidrRange: inner }: Projection): boolean {
  return difference(setOf(String(inner)), setOf(String(outer))).length === 0;
}

export const subnetworks: CloudApi<SubnetworkBody> = {
  visibleAtOnce: false,
  projection,
  disruption,
  async patch({ compute }, ref, { ipCidrRange }, requestId) {
    const { data } = await compute.subnetworks.expandIpCidrRange({
      project: ref.account,
      region: regionOf(ref),
      subnetwork: ref.name,
      requestId,
      requestBody: { ipCidrRange: ipCidrRange ?? null },
    });
    return progressOf(data);
  },
  async insert({ compute }, ref, requestBody, requestId) {
    const { data } = await compute.subnetworks.insert({
      project: ref.account,
      region: regionOf(ref),
      requestId,
      requestBody,
    });
    return progressOf(data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.subnetworks.get({ project: ref.account, region: regionOf(ref), subnetwork: ref.name }),
    );
    return found && observe(found, ref.account);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.subnetworks.delete({ project: ref.account, region: regionOf(ref), subnetwork: ref.name, requestId }),
    ),
  list: ({ compute }, account, scope) =>
    observeAll(
      (page) => compute.subnetworks.list({ project: account, region: regionOf({ scope }), ...page }),
      (subnet) => observe(subnet, account),
    ),
};
