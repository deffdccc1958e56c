import type { Location } from '../../kinds/generated/types.ts';
import type { Place } from '../clouds/gcp/places.ts';

/** Where in Google Cloud a location is; undefined when it is not this provider's to serve. */
export function placeOf(location: Location | undefined, locationClass: string): Place | undefined {
  if (location === undefined || (locationClass !== '' && location.spec.locationClassName !== locationClass))
    return undefined;
  const { gcp } = location.spec.provider;
  if (!gcp) return undefined;
  const { projectId: account, region, zone, alternateZones } = gcp;
  const others = new Set(alternateZones ?? []);
  others.delete(zone);
  return { account, region, zone, ...(others.size === 0 ? {} : { alternateZones: [...others] }) };
}
