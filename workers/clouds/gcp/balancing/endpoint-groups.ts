import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { GcpClient } from '../client.ts';
import { type CloudApi, type CloudRef, type Observation, type Projection, zoneOf } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { nameIn, networkReference, normalReference, subnetworkReference } from '../references.ts';

/** A port of a machine that connections can go to. */
export interface Endpoint {
  /** Name of the machine, in the zone of its group. */
  readonly instance: string;
  readonly ipAddress: string;
  readonly port: number;
}

type GroupBody = compute_v1.Schema$NetworkEndpointGroup;

/** A group, and the endpoints that shall be in it. */
export interface EndpointGroupBody {
  readonly group: GroupBody;
  readonly endpoints: readonly Endpoint[];
}

export function endpointGroupBody(group: {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly port: number;
  readonly endpoints: readonly Endpoint[];
  readonly marker: Omit<Marker, 'specHash'>;
}): EndpointGroupBody {
  const { account, region, name, network, subnetwork, port, endpoints, marker } = group;
  const wanted = {
    name,
    networkEndpointType: 'GCE_VM_IP_PORT',
    network: networkReference(account, network),
    subnetwork: subnetworkReference(account, region, subnetwork),
    defaultPort: port,
  };
  const description = descriptionOf({ ...marker, specHash: specHash(wanted) });
  return { group: { ...wanted, description }, endpoints };
}

/** Google takes so many at once. */
const maxAtOnce = 500;

function keyOf({ instance, ipAddress, port }: Endpoint): string {
  return `${instance} ${ipAddress}:${port}`;
}

function projection({ group, endpoints }: EndpointGroupBody, account: string): Projection {
  return {
    networkEndpointType: group.networkEndpointType,
    network: normalReference(group.network ?? '', account),
    subnetwork: normalReference(group.subnetwork ?? '', account),
    defaultPort: group.defaultPort,
    endpoints: endpoints.map(keyOf).toSorted(),
  };
}

async function endpointsIn({ compute }: GcpClient, ref: CloudRef): Promise<Endpoint[] | undefined> {
  const at = { project: ref.account, zone: zoneOf(ref), networkEndpointGroup: ref.name };
  const found: Endpoint[] = [];
  let pageToken: string | undefined;
  do {
    const token = pageToken === undefined ? {} : { pageToken };
    const page = await existing(() =>
      compute.networkEndpointGroups.listNetworkEndpoints({ ...at, maxResults: 500, ...token, requestBody: {} }),
    );
    if (page === undefined) return undefined;
    found.push(
      ...(page.items ?? []).flatMap(({ networkEndpoint: one }) =>
        one ? [{ instance: nameIn(one.instance ?? ''), ipAddress: one.ipAddress ?? '', port: one.port ?? 0 }] : [],
      ),
    );
    pageToken = page.nextPageToken || undefined;
  } while (pageToken !== undefined);
  return found;
}

async function observe(client: GcpClient, ref: CloudRef, group: GroupBody): Promise<Observation | undefined> {
  const endpoints = group.size === 0 ? [] : await endpointsIn(client, ref);
  if (endpoints === undefined) return undefined;
  return {
    targetId: group.id ?? '',
    marker: markerOf(group.description),
    projection: projection({ group, endpoints }, ref.account),
    facts: {},
    settled: true,
  };
}

/** Zonal groups of endpoints. They are made empty; what comes and goes in them are steps after that. */
export const networkEndpointGroups: CloudApi<EndpointGroupBody> = {
  visibleAtOnce: false,
  stepwise: true,
  insertsPart: true,
  projection,
  async insert({ compute }, ref, { group }, requestId) {
    const call = { project: ref.account, zone: zoneOf(ref), requestId, requestBody: group };
    return progressOf((await compute.networkEndpointGroups.insert(call)).data);
  },
  async get(client, ref) {
    const at = { project: ref.account, zone: zoneOf(ref), networkEndpointGroup: ref.name };
    const found = await existing(() => client.compute.networkEndpointGroups.get(at));
    return found && observe(client, ref, found);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.networkEndpointGroups.delete({
        project: ref.account,
        zone: zoneOf(ref),
        networkEndpointGroup: ref.name,
        requestId,
      }),
    ),
  async list(client, account, scope) {
    const found = new Map<string, Observation>();
    let pageToken: string | undefined;
    do {
      const { data } = await client.compute.networkEndpointGroups.list({
        project: account,
        zone: zoneOf({ scope }),
        maxResults: 500,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      for (const group of data.items ?? []) {
        // Those of others may have many endpoints that nobody asks for.
        if (!group.name || markerOf(group.description) === undefined) continue;
        const observed = await observe(client, { account, scope, name: group.name }, group);
        if (observed !== undefined) found.set(group.name, observed);
      }
      pageToken = data.nextPageToken || undefined;
    } while (pageToken !== undefined);
    return found;
  },
  // Of what a group is made with nothing can be changed.
  disruption: ({ endpoints: _wanted, ...declared }, observed) =>
    Object.entries(declared).every(([field, value]) => observed[field] === value) ? 'InPlace' : 'NeedsReplace',
  async patch(client, ref, { endpoints }, requestId) {
    const call = { project: ref.account, zone: zoneOf(ref), networkEndpointGroup: ref.name, requestId };
    const there = (await endpointsIn(client, ref)) ?? [];
    const missing = without(endpoints, there);
    const { data } =
      missing.length > 0
        ? await client.compute.networkEndpointGroups.attachNetworkEndpoints({
            ...call,
            requestBody: { networkEndpoints: missing },
          })
        : await client.compute.networkEndpointGroups.detachNetworkEndpoints({
            ...call,
            requestBody: { networkEndpoints: without(there, endpoints) },
          });
    return progressOf(data);
  },
};

/** Endpoints that are not among the others, as many as go into one call. */
function without(endpoints: readonly Endpoint[], others: readonly Endpoint[]): Endpoint[] {
  const known = new Set(others.map(keyOf));
  return endpoints.filter((endpoint) => !known.has(keyOf(endpoint))).slice(0, maxAtOnce);
}
