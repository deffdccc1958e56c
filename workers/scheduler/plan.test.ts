import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Location } from '../../kinds/generated/types.ts';
import { cityCodeKey } from '../../kinds/networking/topology.ts';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { decide, fit, type Load } from './plan.ts';

const deployment = fixture('WorkloadDeployment', 'web-us-dfw', { spec: { cityCode: 'DFW' } });
const idle: Load = { replicas: 0, siblings: 0 };

function location(name: string, cityCode: string | undefined, ...conditions: string[]): Location {
  return fixture('Location', name, {
    spec: { topology: cityCode === undefined ? {} : { [cityCodeKey]: cityCode } },
    conditions,
  });
}

function chosen(locations: readonly Location[], loads: Record<string, Load> = {}): string | undefined {
  return decide(deployment, fit(deployment, locations), ({ metadata }) => loads[metadata.name] ?? idle).location?.name;
}

test.each<[string, Location[], Record<string, Load>, string | undefined]>([
  ['no locations', [], {}, undefined],
  ['none in the city', [location('a', 'LHR', 'Ready=True'), location('b', undefined)], {}, undefined],
  ['the one in the city', [location('a', 'LHR'), location('b', 'DFW')], {}, 'b'],
  [
    'not one that the provider refused',
    [location('a', 'DFW', 'Ready=False ProjectNotFound: no'), location('b', 'DFW')],
    {},
    'b',
  ],
  ['one that the provider has not looked at yet', [location('a', 'DFW', 'Ready=Unknown Pending')], {}, 'a'],
  [
    'verified before unverified',
    [location('a', 'DFW'), location('b', 'DFW', 'Ready=True')],
    { b: { replicas: 9, siblings: 9 } },
    'b',
  ],
  [
    'spread of a workload before load',
    [location('a', 'DFW'), location('b', 'DFW')],
    { a: { replicas: 1, siblings: 1 }, b: { replicas: 50, siblings: 0 } },
    'b',
  ],
  [
    'least loaded',
    [location('a', 'DFW'), location('b', 'DFW')],
    { a: { replicas: 3, siblings: 0 }, b: { replicas: 2, siblings: 0 } },
    'b',
  ],
  ['by name when equal', [location('b', 'DFW'), location('a', 'DFW')], {}, 'a'],
])('%s', (_case, locations, loads, expected) => {
  expect(chosen(locations, loads)).toBe(expected);
});

describe('reasons', () => {
  test('NoLocations', () => {
    expect(textOf(decide(deployment, fit(deployment, []), () => idle).available)).toBe(
      'Available=False NoLocations: There are no locations',
    );
  });

  test('NoCandidateLocations names each location and why', () => {
    const { available, candidates } = decide(
      deployment,
      fit(deployment, [location('a', 'LHR'), location('b', 'DFW', 'Ready=False ZoneNotFound: no zone x')]),
      () => idle,
    );
    expect(textOf(available)).toBe(
      'Available=False NoCandidateLocations: No location can take city code DFW: default/a (city code is LHR), default/b (ZoneNotFound: no zone x)',
    );
    expect(candidates.map(({ location: { name }, score }) => [name, score])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  test('names of other namespaces are not told, but for the one that was taken', () => {
    const elsewhere = (one: Location): Location => ({ ...one, metadata: { ...one.metadata, namespace: 'secret' } });
    const hidden = [elsewhere(location('x', 'LHR')), elsewhere(location('y', 'LHR'))];
    const none = decide(deployment, fit(deployment, hidden), () => idle);
    expect(none.candidates).toEqual([]);
    expect(textOf(none.available)).toBe(
      'Available=False NoCandidateLocations: No location can take city code DFW: 2 of other namespaces',
    );
    const mixed = decide(deployment, fit(deployment, [location('a', 'LHR'), ...hidden]), () => idle);
    expect(mixed.available.message).toBe('No location can take city code DFW: default/a (city code is LHR) and 2 more');
    const taken = decide(deployment, fit(deployment, [elsewhere(location('z', 'DFW')), ...hidden]), () => idle);
    expect(taken.candidates).toEqual([
      { location: { name: 'z', namespace: 'secret' }, score: -1_000_000, reason: 'Taken' },
    ]);
  });

  test('LocationAssigned records the taken one first and why the others lost', () => {
    const locations = [location('a', 'DFW', 'Ready=True'), location('b', 'DFW', 'Ready=True'), location('c', 'LHR')];
    const { available, candidates } = decide(deployment, fit(deployment, locations), ({ metadata }) => ({
      replicas: metadata.name === 'a' ? 4 : 1,
      siblings: 0,
    }));
    expect(textOf(available)).toBe('Available=False LocationAssigned: Assigned to default/b');
    expect(candidates).toEqual([
      { location: { name: 'b', namespace: 'default' }, score: -1, reason: 'Taken' },
      { location: { name: 'a', namespace: 'default' }, score: -4, reason: 'Has 4 instances, the taken one 1' },
      { location: { name: 'c', namespace: 'default' }, reason: 'city code is LHR' },
    ]);
  });
});

test('the order in which locations are read does not matter', () => {
  const names = ['a', 'b', 'c', 'd'];
  const load = fc.record({ replicas: fc.nat(3), siblings: fc.nat(2) });
  fc.assert(
    fc.property(fc.tuple(load, load, load, load), fc.shuffledSubarray(names, { minLength: 4 }), (loads, order) => {
      const byName = Object.fromEntries(names.map((name, index) => [name, loads[index] ?? idle]));
      const locations = (list: readonly string[]): Location[] =>
        list.map((name) => location(name, 'DFW', 'Ready=True'));
      expect(chosen(locations(order), byName)).toBe(chosen(locations(names), byName));
    }),
  );
});
