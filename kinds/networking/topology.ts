import type { Location } from '../generated/types.ts';

/** Key of a location's topology: IATA code of its city. */
export const cityCodeKey = 'topology.datum.net/city-code';

/** IATA code of a location's city, or undefined. */
export function cityCodeOf(location: Location): string | undefined {
  return location.spec.topology[cityCodeKey];
}
