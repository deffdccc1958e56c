import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { addressFact } from '../addresses.ts';
import type { CloudApi, Observation, Projection } from '../cloud-object.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';

export type GlobalAddressBody = compute_v1.Schema$Address;

/** A reserved external IPv4 address that is announced from everywhere. */
export function globalAddressBody(name: string, marker: Omit<Marker, 'specHash'>): GlobalAddressBody {
  const description = descriptionOf({ ...marker, specHash: '' });
  return { name, description, addressType: 'EXTERNAL', ipVersion: 'IPV4' };
}

function projection({ addressType, ipVersion }: GlobalAddressBody): Projection {
  return { addressType, ipVersion: ipVersion || 'IPV4' };
}

function observe(address: GlobalAddressBody): Observation {
  return {
    targetId: address.id ?? '',
    marker: markerOf(address.description),
    projection: projection(address),
    facts: { [addressFact]: address.address ?? '' },
    settled: address.status !== 'RESERVING',
  };
}

const fields = 'id,name,description,address,addressType,ipVersion,status';

/** Addresses of load balancers; nothing about them can be changed. */
export const globalAddresses: CloudApi<GlobalAddressBody> = {
  visibleAtOnce: false,
  readBack: true,
  projection,
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.globalAddresses.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() => compute.globalAddresses.get({ project: account, address: name, fields }));
    return found && observe(found);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.globalAddresses.delete({ project: account, address: name, requestId })),
  list: ({ compute }, account) =>
    observeAll(
      (page) => compute.globalAddresses.list({ project: account, ...page, fields: `nextPageToken,items(${fields})` }),
      observe,
    ),
};
