import { isLand } from './land.ts';
import { mapBounds, type Place, type Point, pointOf } from './places.ts';

/** A city on the map, and where its name stands so that no name lies over another. */
export interface Marker {
  readonly place: Place;
  readonly at: Point;
  /** Start of the name. */
  readonly text: Point;
  readonly anchor: 'start' | 'end' | 'middle';
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Of a letter, and of a line, in units of the map. */
const letter = { width: 7.2, height: 15 };
const gap = 13;

const sides = [
  { anchor: 'start', x: gap, y: 4 },
  { anchor: 'end', x: -gap, y: 4 },
  { anchor: 'middle', x: 0, y: -gap },
  { anchor: 'middle', x: 0, y: gap + 10 },
  { anchor: 'start', x: gap, y: -8 },
  { anchor: 'end', x: -gap, y: -8 },
  { anchor: 'start', x: gap, y: 18 },
  { anchor: 'end', x: -gap, y: 18 },
] as const;

/** Markers of the places that are on the map, from the north; `labelOf` gives their names. */
export function markersOf(places: readonly Place[], width: number, labelOf: (place: Place) => string): Marker[] {
  const taken: Box[] = [];
  const known = places.flatMap((place) =>
    place.city === undefined ? [] : [{ place, at: pointOf(place.city, width), length: labelOf(place).length }],
  );
  // Dots come first: no name may lie over one.
  for (const { at } of known) taken.push({ left: at.x - 8, top: at.y - 8, right: at.x + 8, bottom: at.y + 8 });
  return known
    .toSorted((a, b) => a.at.y - b.at.y || a.at.x - b.at.x)
    .map(({ place, at, length }) => {
      const choices = sides.map((side) => ({ side, box: boxOf(at, side, length) }));
      const free = choices.find(({ box }) => isOnMap(box, width) && !taken.some((other) => meet(box, other)));
      const [first] = choices;
      const { side, box } = free ?? first!; // There are some.
      taken.push(box);
      return { place, at, text: { x: at.x + side.x, y: at.y + side.y }, anchor: side.anchor };
    });
}

function boxOf({ x, y }: Point, side: (typeof sides)[number], length: number): Box {
  const wide = length * letter.width;
  const start = { start: 0, end: -wide, middle: -wide / 2 }[side.anchor];
  const left = x + side.x + start;
  const bottom = y + side.y + 3;
  return { left, right: left + wide, top: bottom - letter.height, bottom };
}

function isOnMap({ left, right, top }: Box, width: number): boolean {
  return left >= 0 && right <= width && top >= 0;
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Degrees from dot to dot. */
const dotEvery = 2;

/** The land of a map of a width as dots: one path of circles with no length, to be drawn with round ends. */
export function landPath(width: number): string {
  const { north, south, west, east } = mapBounds;
  const dots: string[] = [];
  for (let latitude = north - 1; latitude > south; latitude -= dotEvery)
    for (let longitude = west + 1; longitude < east; longitude += dotEvery)
      if (isLand(longitude, latitude)) {
        const { x, y } = pointOf({ latitude, longitude }, width);
        dots.push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`);
      }
  return dots.join('');
}
