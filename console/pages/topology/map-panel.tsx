import { useMemo } from 'react';
import type { Instance, Location } from '../../../sdk/main.ts';
import { fullName } from '../../catalog/any-object.ts';
import { compareTones, healthOf, type Tone } from '../../catalog/health.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { type Place, placesOf } from '../../models/places.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { WorldMap } from './world-map.tsx';
import './map-panel.css';

/** A place with what runs there. */
export interface BusyPlace extends Place {
  readonly tone: Tone;
  readonly instances: number;
  readonly ready: number;
}

interface MapPanelProps {
  readonly locations: readonly Location[];
  readonly instances: readonly Instance[];
}

/** The locations on a map, and beside it the same as a table. */
export function MapPanel({ locations, instances }: MapPanelProps) {
  const places = useMemo(() => {
    const byLocation = Map.groupBy(instances, ({ spec: { location } }) => `${location?.namespace}/${location?.name}`);
    return placesOf(locations).map((place) => withInstances(place, byLocation));
  }, [locations, instances]);
  const unknown = places.filter(({ city }) => city === undefined).length;
  return (
    <Panel title="Locations">
      <div className="map-columns">
        <WorldMap places={places} />
        <div>
          <PlainTable
            label="Locations by city"
            head={['City', 'Locations', 'Instances ready']}
            rows={places.map((place) => ({
              key: place.code,
              cells: [
                <CityName key="city" place={place} />,
                <Names key="names" of={place.locations} />,
                `${place.ready} of ${place.instances}`,
              ],
            }))}
          />
          {unknown > 0 && (
            <p className="muted map-note">
              {unknown === 1 ? 'One city code is' : `${unknown} city codes are`} not known here, and so on no map.
            </p>
          )}
        </div>
      </div>
    </Panel>
  );
}

function withInstances(place: Place, byLocation: ReadonlyMap<string, readonly Instance[]>): BusyPlace {
  const own = place.locations.flatMap(({ metadata }) => byLocation.get(fullName(metadata)) ?? []);
  const tones = [...place.locations, ...own].map((object) => healthOf(object).tone);
  const [tone = 'idle'] = tones.toSorted(compareTones);
  return { ...place, tone, instances: own.length, ready: own.filter((each) => healthOf(each).tone === 'good').length };
}

function CityName({ place: { city, code, isByRegion, tone } }: { readonly place: BusyPlace }) {
  return (
    <>
      <Status tone={tone} label={city?.name ?? code} />
      <br />
      <span className="muted">
        {code}
        {city !== undefined && isByRegion && ', by its region'}
        {city === undefined && ', not on the map'}
      </span>
    </>
  );
}

function Names({ of }: { readonly of: readonly Location[] }) {
  return of.map(({ metadata }) => (
    <div key={metadata.uid}>
      <Link to={pathOf('Location', metadata) ?? paths.overview}>{metadata.name}</Link>
    </div>
  ));
}
