import { useMemo } from 'react';
import { countText } from '../../models/consumers.ts';
import { landPath, type Marker, markersOf } from '../../models/map-markers.ts';
import { mapHeight, type Place } from '../../models/places.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import type { BusyPlace } from './map-panel.tsx';
import './world-map.css';

/** Units of the drawing across. */
const width = 1_000;

const labelOf = (place: Place & Partial<BusyPlace>): string => `${place.code} ${place.instances ?? ''}`.trim();

/** Cities with locations on a map of the world. Each leads to its location. */
export function WorldMap({ places }: { readonly places: readonly BusyPlace[] }) {
  const land = useMemo(() => landPath(width), []);
  const markers = markersOf(places, width, labelOf);
  return (
    <svg
      className="world-map"
      viewBox={`0 0 ${width} ${mapHeight(width)}`}
      role="group"
      aria-label="Map of the locations"
    >
      <path className="world-land" d={land} aria-hidden />
      {markers.map((marker) => (
        <MarkerLink key={marker.place.code} marker={marker} place={marker.place as BusyPlace} />
      ))}
    </svg>
  );
}

function MarkerLink({ marker: { anchor, at, text }, place }: { readonly marker: Marker; readonly place: BusyPlace }) {
  const { city, code, instances, locations, ready, tone } = place;
  const [first] = locations;
  const to =
    locations.length === 1 && first !== undefined ? pathOf('Location', first.metadata) : paths.list('locations');
  return (
    <Link
      to={to ?? paths.overview}
      {...(locations.length === 1 ? {} : { parameters: { text: code } })}
      className={`world-marker tone-${tone}`}
      aria-label={`${labelOf(place)}: ${city?.name}, ${countText(locations.length, 'location')}, ${ready} of ${countText(instances, 'instance')} ready`}
    >
      {instances > 0 && <circle className="world-halo" cx={at.x} cy={at.y} r={10 + 3 * Math.log2(1 + instances)} />}
      <Sign tone={tone} x={at.x} y={at.y} />
      <text className="world-label" x={text.x} y={text.y} textAnchor={anchor}>
        {labelOf(place)}
      </text>
    </Link>
  );
}

/** A dot where all is well, another shape where not: colour is not all that tells. */
function Sign({ tone, x, y }: { readonly tone: BusyPlace['tone']; readonly x: number; readonly y: number }) {
  switch (tone) {
    case 'bad':
      return <path className="world-dot" d={`M${x - 6} ${y - 6}h12v12h-12z`} />;
    case 'warn':
      return <path className="world-dot" d={`M${x} ${y - 8}l8 14h-16z`} />;
    case 'busy':
      return <circle className="world-dot world-ring" cx={x} cy={y} r={5} />;
    case 'good':
    case 'idle':
      return <circle className="world-dot" cx={x} cy={y} r={6} />;
  }
}
