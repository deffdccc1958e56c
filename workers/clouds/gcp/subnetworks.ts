import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type Disruption, type Observation, type Projection, regionOf } from './cloud-object.ts';
import { difference, setOf } from './firewall-policy/ip-set.ts';
import { specHash } from './hash.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { networkReference, normalReference } from './references.ts';

export type SubnetworkBody = compute_v1.Schema$Subnetwork;

/** Fact of a subnetwork: the /64 that Google gave it, where it has IPv6. */
export const ipv6RangeFact = 'ipv6Range';

/** A subnetwork for machines, with IPv4 alone or with both. `range` is a CIDR with host bits zero. */
export function subnetworkBody(subnet: {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly network: string;
  readonly range: string;
  readonly ipv6?: 'INTERNAL' | 'EXTERNAL' | undefined;
  readonly marker: Omit<Marker, 'specHash'>;
}): SubnetworkBody {
  const { account, region, name, network, range, ipv6, marker } = subnet;
  const wanted = {
    name,
    network: networkReference(account, network),
    region: `projects/${account}/regions/${region}`,
    ipCidrRange: range,
    purpose: 'PRIVATE',
    ...(ipv6 === undefined ? { stackType: 'IPV4_ONLY' } : { stackType: 'IPV4_IPV6', ipv6AccessType: ipv6 }),
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
    ipv6AccessType: subnet.ipv6AccessType,
  };
}

function observe(subnet: SubnetworkBody, account: string): Observation {
  return {
    targetId: subnet.id ?? '',
    marker: markerOf(subnet.description),
    projection: projection(subnet, account),
    facts: {
      [ipv6RangeFact]: subnet.externalIpv6Prefix ?? subnet.internalIpv6Prefix ?? subnet.ipv6CidrRange ?? '',
    },
    // There is no state to wait for: a genuine answer has none.
    settled: true,
  };
}

/** A range can grow around itself, and IPv6 can be added; anything else about a subnetwork is for good. */
function disruption(declared: Projection, observed: Projection): Disruption | undefined {
  const changed = Object.keys(declared).filter((field) => declared[field] !== observed[field]);
  if (changed.length === 0) return undefined;
  const mayChange: Readonly<Record<string, boolean>> = {
    ipCidrRange: contains(declared, observed),
    stackType: declared['stackType'] === 'IPV4_IPV6',
    ipv6AccessType: observed['ipv6AccessType'] === undefined,
  };
  return changed.every((field) => mayChange[field] === true) ? 'InPlace' : 'NeedsReplace';
}

function contains({ ipCidrRange: outer }: Projection, { ipCidrRange: inner }: Projection): boolean {
  return difference(setOf(String(inner)), setOf(String(outer))).length === 0;
}

export const subnetworks: CloudApi<SubnetworkBody> = {
  visibleAtOnce: false,
  projection,
  disruption,
  readBack: true,
  stepwise: true,
  async patch({ compute }, ref, body, requestId) {
    const place = { project: ref.account, region: regionOf(ref), subnetwork: ref.name };
    const { data: is } = await compute.subnetworks.get(place);
    const { ipCidrRange = null, stackType = null, ipv6AccessType = null } = body;
    if (is.ipCidrRange !== ipCidrRange) {
      const requestBody = { ipCidrRange };
      return progressOf((await compute.subnetworks.expandIpCidrRange({ ...place, requestId, requestBody })).data);
    }
    const requestBody = { stackType, ipv6AccessType, fingerprint: is.fingerprint ?? null };
    return progressOf((await compute.subnetworks.patch({ ...place, requestId, requestBody })).data);
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
