import { expect, test } from 'vitest';
import { cityOf, codeOfRegion } from './cities.ts';
import { isLand } from './land.ts';
import { location } from './model-objects.fixture.ts';
import { mapHeight, placesOf, pointOf } from './places.ts';

test('locations of one city are one place; of an unknown code the region tells, else nothing', () => {
  const places = placesOf([
    location('b', 'DFW', 'us-south1'),
    location('a', 'DFW', 'us-south1'),
    location('c', 'XXX', 'europe-west2'),
    location('d', 'YYY', 'moon-north1'),
  ]);
  expect(
    places.map(({ code, locations, city, isByRegion }) => [code, locations.length, city?.name, isByRegion]),
  ).toEqual([
    ['DFW', 2, 'Dallas', false],
    ['XXX', 1, 'London', true],
    ['YYY', 1, undefined, true],
  ]);
});

const codes = 'AKL AMS DFW DLS LHR SIN SYD GRU JNB NRT HEL SCL'.split(' ');
test.each(codes)('%s lies on the map, and on or near land', (code) => {
  const city = cityOf(code)!; // The codes of this test are in the table.
  const { x, y } = pointOf(city, 1_000);
  expect(x).toBeGreaterThan(0);
  expect(x).toBeLessThan(1_000);
  expect(y).toBeGreaterThan(0);
  expect(y).toBeLessThan(mapHeight(1_000));
  const near = [-3, 0, 3].flatMap((a) => [-3, 0, 3].map((b) => isLand(city.longitude + a, city.latitude + b)));
  expect(near).toContain(true);
});

test('the sea is no land', () => {
  for (const [longitude, latitude] of [
    [-35, 35],
    [-140, 20],
    [75, -20],
    [-20, -25],
    [160, 10],
    [5, 38],
  ] as const)
    expect(isLand(longitude, latitude), `${longitude} ${latitude}`).toBe(false);
});

test('every region has a city of the table', () => {
  for (const region of ['us-south1', 'europe-west12', 'asia-southeast3', 'us-west4', 'africa-south1'])
    expect(cityOf(codeOfRegion(region) ?? ''), region).toBeDefined();
  expect(codeOfRegion('constructor')).toBeUndefined();
});
