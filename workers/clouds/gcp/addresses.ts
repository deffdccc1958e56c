import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type Observation, type Projection, regionOf } from './cloud-object.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';

export type AddressBody = compute_v1.Schema$Address;

/** Fact of a reserved address: which one Google gave. */
export const addressFact = 'address';

/** A reserved external IPv4 address of a region. Google forgets labels here, so the marker is in the description. */
export function addressBody(name: string, marker: Omit<Marker, 'specHash'>): AddressBody {
  const description = descriptionOf({ ...marker, specHash: '' });
  return { name, description, addressType: 'EXTERNAL', networkTier: 'PREMIUM' };
}

function projection({ addressType, networkTier }: AddressBody): Projection {
  return { addressType, networkTier };
}

function observe(address: AddressBody): Observation {
  return {
    targetId: address.id ?? '',
    marker: markerOf(address.description),
    projection: projection(address),
    facts: { [addressFact]: address.address ?? '' },
    settled: address.status !== 'RESERVING',
  };
}

const fields = 'id,name,description,address,addressType,networkTier,status';

/** Reserved addresses; nothing about them can be changed. */
export const addresses: CloudApi<AddressBody> = {
  visibleAtOnce: false,
  readBack: true,
  projection,
  async insert({ compute }, ref, requestBody, requestId) {
    const { data } = await compute.addresses.insert({
      project: ref.account,
      region: regionOf(ref),
      requestId,
      requestBody,
    });
    return progressOf(data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.addresses.get({ project: ref.account, region: regionOf(ref), address: ref.name, fields }),
    );
    return found && observe(found);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.addresses.delete({ project: ref.account, region: regionOf(ref), address: ref.name, requestId }),
    ),
  list: ({ compute }, account, scope) =>
    observeAll(
      (page) =>
        compute.addresses.list({
          project: account,
          region: regionOf({ scope }),
          ...page,
          fields: `nextPageToken,items(${fields})`,
        }),
      observe,
    ),
};
