import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Place } from '../clouds/gcp/places.ts';

/** Fact of the zones in which a machine could not be made before it was tried where it is, by comma. */
export const triedZonesFact = 'triedZones';

/** Where a machine is to be made or kept. */
export interface ZoneChoice {
  readonly place: Place;
  /** Zones that had none left, in the order in which they were tried. */
  readonly tried: readonly string[];
  /** The row of the machine is of another zone, in which nothing was made. */
  readonly leaves: boolean;
}

/**
 * The zone of an instance's machine. One that is made stays where it is; one that its zone had none left for goes on to the
 * next that the location allows, and begins with the first again once it has waited after the last. One that has disks stays
 * with them.
 */
export function chooseZone(
  place: Place,
  row: CloudResource | undefined,
  { mayMove, nowMs }: { readonly mayMove: boolean; readonly nowMs: number },
): ZoneChoice {
  const zones = [place.zone, ...(place.alternateZones ?? [])];
  const zone = row === undefined ? undefined : zoneOf(row);
  if (row === undefined || zone === undefined || !zones.includes(zone)) return { place, tried: [], leaves: false };
  const tried = triedBefore(row);
  const here: ZoneChoice = { place: { ...place, zone }, tried, leaves: false };
  if (!mayMove || zones.length === 1 || !isStockout(row)) return here;
  const next = zones.find((one) => one !== zone && !tried.includes(one));
  if (next !== undefined) return { place: { ...place, zone: next }, tried: [...tried, zone], leaves: true };
  const isWaiting = row.retryAt !== undefined && row.retryAt.getTime() > nowMs;
  return isWaiting ? here : { place, tried: [], leaves: zone !== place.zone };
}

/** Zones that had no machine left before the one in which it is. */
export function triedBefore({ facts }: CloudResource): string[] {
  return (facts[triedZonesFact] ?? '').split(',').filter((zone) => zone !== '');
}

/** Zone of an object in the cloud; undefined for what is in none. */
export function zoneOf({ scope }: CloudResource): string | undefined {
  return /^zones\/(.+)$/.exec(scope)?.[1];
}

/** Whether the insert ended since the zone had no machine left: what else is short is so in the whole region. */
function isStockout({ state, verb, error }: CloudResource): boolean {
  return state === 'failed' && verb === 'insert' && error?.code.startsWith('ZONE_RESOURCE_POOL_EXHAUSTED') === true;
}
