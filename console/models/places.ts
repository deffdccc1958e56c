import type { Location } from '../../sdk/main.ts';
import { type City, cityOf, codeOfRegion } from './cities.ts';

/** Key of a location's topology that holds its city. */
const cityCodeKey = 'topology.datum.net/city-code';

/** Locations that are in one city. */
export interface Place {
  readonly code: string;
  readonly locations: readonly Location[];
  /** Absent where it is not known: then it is on no map. */
  readonly city?: City;
  /** The city is that of the cloud's region, since the code of the location is not known. */
  readonly isByRegion: boolean;
}

/** The cities of locations, by code. */
export function placesOf(locations: readonly Location[]): Place[] {
  const byCode = Map.groupBy(locations, (location) => codeOf(location));
  return [...byCode.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, those]) => {
      const own = cityOf(code);
      const regions = those.map(({ spec }) => cityOf(codeOfRegion(spec.provider.gcp?.region ?? '') ?? ''));
      const city = own ?? regions.find((each) => each !== undefined);
      return { code, locations: those, ...(city === undefined ? {} : { city }), isByRegion: own === undefined };
    });
}

/** City code of a location; its name where it has none. */
function codeOf({ metadata, spec }: Location): string {
  return spec.topology[cityCodeKey] ?? metadata.name;
}

/** A point of a map that is `width` units wide. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Degrees that a map shows: without the pole of the south, where nobody has a location. */
export const mapBounds = { north: 78, south: -56, west: -168, east: 180 } as const;

/** Height of a map of a width. */
export function mapHeight(width: number): number {
  return (width * (mapBounds.north - mapBounds.south)) / (mapBounds.east - mapBounds.west);
}

/** Where a place lies on a map of a width, whose degrees are all of one length. */
export function pointOf({ latitude, longitude }: Pick<City, 'latitude' | 'longitude'>, width: number): Point {
  const { north, west, east } = mapBounds;
  const unit = width / (east - west);
  return { x: (longitude - west) * unit, y: (north - latitude) * unit };
}
