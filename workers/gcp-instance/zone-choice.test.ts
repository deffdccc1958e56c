import { expect, test } from 'vitest';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { chooseZone, triedZonesFact } from './zone-choice.ts';

const place = { account: 'acme', region: 'r', zone: 'a', alternateZones: ['b', 'c'] };
const nowMs = 1_000;
const choose = (row: CloudResource | undefined, mayMove = true) => {
  const { place: chosen, tried, leaves } = chooseZone(place, row, { mayMove, nowMs });
  return [chosen.zone, tried.join(), leaves];
};

function row(zone: string, tried = '', more: Partial<CloudResource> = {}): CloudResource {
  const error = { code: 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', class: 'stockout', message: '' };
  return {
    ...({} as CloudResource),
    scope: `zones/${zone}`,
    verb: 'insert',
    state: 'failed',
    error,
    retryAt: new Date(nowMs + 1),
    facts: { [triedZonesFact]: tried },
    ...more,
  };
}

test('a machine begins in the zone of its location and stays where it is', () => {
  expect(choose(undefined)).toEqual(['a', '', false]);
  expect(choose(row('b', 'a', { state: 'ready', verb: 'none' }))).toEqual(['b', 'a', false]);
});

test('a stock-out leads through all zones, then waits, and begins again', () => {
  expect(choose(row('a'))).toEqual(['b', 'a', true]);
  expect(choose(row('b', 'a'))).toEqual(['c', 'a,b', true]);
  expect(choose(row('c', 'a,b'))).toEqual(['c', 'a,b', false]);
  expect(choose(row('c', 'a,b', { retryAt: new Date(nowMs) }))).toEqual(['a', '', true]);
});

test('what else fails, or has disks, stays', () => {
  expect(choose(row('a'), false)).toEqual(['a', '', false]);
  const error = { code: 'IP_SPACE_EXHAUSTED', class: 'stockout', message: '' };
  expect(choose(row('a', '', { error }))).toEqual(['a', '', false]);
  expect(choose(row('a', '', { verb: 'delete' }))).toEqual(['a', '', false]);
});

test('a zone that the location no longer allows is left for its first', () => {
  expect(choose(row('d', '', { state: 'ready', verb: 'none' }))).toEqual(['a', '', false]);
});
