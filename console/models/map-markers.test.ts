import fc from 'fast-check';
import { expect, test } from 'vitest';
import { landPath, markersOf } from './map-markers.ts';
import { location } from './model-objects.fixture.ts';
import { mapHeight, placesOf } from './places.ts';

const places = (...codes: readonly string[]) => placesOf(codes.map((code) => location(code, code, 'nowhere')));

test('names of cities that lie close stand apart', () => {
  const markers = markersOf(places('LHR', 'CDG', 'AMS', 'BRU'), 1_000, ({ code }) => `${code} 3`);
  const spots = markers.map(({ text, anchor }) => `${Math.round(text.x / 10)} ${Math.round(text.y / 10)} ${anchor}`);
  expect(new Set(spots).size).toBe(4);
});

test('what is not known is on no map; all else is, once, wherever it lies', () => {
  const codes = fc.uniqueArray(fc.constantFrom('AKL', 'DFW', 'LHR', 'NRT', 'SCL', 'SEA', 'SYD', 'XXX', 'YYY'));
  fc.assert(
    fc.property(codes, (some) => {
      const markers = markersOf(places(...some), 1_000, ({ code }) => code);
      const known = some.filter((code) => code !== 'XXX' && code !== 'YYY');
      expect(markers.map(({ place }) => place.code).toSorted()).toEqual(known.toSorted());
      for (const { at } of markers)
        expect(at.x >= 0 && at.x <= 1_000 && at.y >= 0 && at.y <= mapHeight(1_000)).toBe(true);
    }),
  );
});

test('the land is dots', () => {
  expect(landPath(1_000)).toMatch(/^(M[\d.]+ [\d.]+h0){2000,6000}$/);
});
