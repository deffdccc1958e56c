import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Location, Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { cityCodeKey } from '../../kinds/networking/topology.ts';
import { fixture, textOf } from '../../test/support/fixture.ts';
import {
  citiesOf,
  deploymentName,
  deploymentSpec,
  deploymentSteps,
  type DeploymentWish,
  isComplete,
  networksOf,
} from './plan.ts';
import { workloadState } from './workload-status.ts';

const template = { spec: { runtime: {}, networkInterfaces: [{ network: { name: 'n' } }] } };
const allCities = new Set(['DFW', 'LHR', 'SYD']);

/** `us:DFW,LHR` is a placement with its cities. */
function workload(...placements: string[]): Workload {
  const parsed = placements.map((text) => {
    const [name, cities = ''] = text.split(':');
    return { name, cityCodes: cities.split(',').filter(Boolean), scaleSettings: { minReplicas: 2 } };
  });
  return fixture('Workload', 'web', { spec: { template, placements: parsed } });
}

function deployment(of: Workload, placementName: string, cityCode: string, state = ''): WorkloadDeployment {
  return fixture('WorkloadDeployment', `web-${placementName}-${cityCode.toLowerCase()}${state}`, {
    metadata: {
      labels: { 'compute.datumapis.com/workload-uid': of.metadata.uid },
      ...(state === '~' ? { deletionTimestamp: '2026-01-02T00:00:00Z' } : {}),
    },
    spec: structuredClone(deploymentSpec(of, { placementName, cityCode })),
  });
}

function stepsOf(
  of: Workload,
  present: readonly WorkloadDeployment[],
  cities: ReadonlySet<string> = allCities,
): string {
  const { create, update, remove, homeless } = deploymentSteps(of, present, cities);
  return [
    ...create.map((wish) => `+${deploymentName(of, wish)}`),
    ...update.map(({ metadata }) => `~${metadata.name}`),
    ...remove.map(({ metadata }) => `-${metadata.name}`),
    ...[...homeless].map(([placement, codes]) => `!${placement}:${codes.join(',')}`),
  ].join(' ');
}

const web = workload('us:DFW,LHR');
const changed = fixture('Workload', 'web', {
  spec: { ...web.spec, template: { ...template, metadata: { labels: { a: 'b' } } } },
});

test.each<[string, Workload, WorkloadDeployment[], ReadonlySet<string>, string]>([
  ['one per city', web, [], allCities, '+web-us-dfw +web-us-lhr'],
  ['one per placement', workload('a:DFW', 'b:DFW'), [], allCities, '+web-a-dfw +web-b-dfw'],
  ['a city named twice counts once', workload('us:DFW,DFW'), [], allCities, '+web-us-dfw'],
  ['nothing when all is there', web, [deployment(web, 'us', 'DFW'), deployment(web, 'us', 'LHR')], allCities, ''],
  [
    'what is no longer wanted goes',
    web,
    [deployment(web, 'us', 'DFW'), deployment(web, 'us', 'LHR'), deployment(workload('eu:SYD'), 'eu', 'SYD')],
    allCities,
    '-web-eu-syd',
  ],
  [
    'a changed template is passed on',
    changed,
    [deployment(web, 'us', 'DFW'), deployment(changed, 'us', 'LHR')],
    allCities,
    '~web-us-dfw',
  ],
  [
    'one that is going is waited for',
    web,
    [deployment(web, 'us', 'DFW', '~'), deployment(web, 'us', 'LHR')],
    allCities,
    '',
  ],
  [
    'of two for one city the second goes',
    web,
    [deployment(web, 'us', 'DFW'), deployment(web, 'us', 'DFW', '2'), deployment(web, 'us', 'LHR')],
    allCities,
    '-web-us-dfw2',
  ],
  ['a city without location is reported', web, [], new Set(['DFW']), '+web-us-dfw !us:LHR'],
  [
    'what runs in such a city stays',
    web,
    [deployment(web, 'us', 'LHR'), deployment(web, 'us', 'DFW')],
    new Set(['DFW']),
    '',
  ],
])('%s', (_case, of, present, cities, expected) => {
  expect(stepsOf(of, present, cities)).toBe(expected);
});

test('steps that were carried out leave nothing to do', () => {
  const wish = fc.record({ placementName: fc.constantFrom('a', 'b'), cityCode: fc.constantFrom('DFW', 'LHR', 'SYD') });
  const same = (one: DeploymentWish): string => `${one.placementName} ${one.cityCode}`;
  fc.assert(
    fc.property(
      fc.uniqueArray(wish, { selector: same }),
      fc.subarray(['DFW', 'LHR', 'SYD'], { minLength: 1 }),
      fc.subarray(['DFW', 'LHR', 'SYD']),
      (present, wanted, located) => {
        const before = workload('a:DFW,LHR,SYD', 'b:DFW,LHR,SYD');
        const after = workload(`a:${wanted.join(',')}`);
        const cities = new Set(located);
        const old = present.map(({ placementName, cityCode }) => deployment(before, placementName, cityCode));
        const { create, update, remove } = deploymentSteps(after, old, cities);
        const next = [
          ...old.filter((one) => !remove.includes(one) && !update.includes(one)),
          ...[...update.map(({ spec }) => spec), ...create].map(({ placementName, cityCode }) =>
            deployment(after, placementName, cityCode),
          ),
        ];
        const again = deploymentSteps(after, next, cities);
        expect([again.create, again.update, again.remove]).toEqual([[], [], []]);
        expect(isComplete(after, next)).toBe(again.homeless.size === 0);
      },
    ),
  );
});

test('networks of the interfaces, each once; cities of the locations', () => {
  const interfaces = [
    { network: { name: 'a' } },
    { network: { name: 'a', namespace: 'default' } },
    { network: { name: 'a', namespace: 'x' } },
  ];
  const of = fixture('Workload', 'web', { spec: { template: { spec: { networkInterfaces: interfaces } } } });
  expect(networksOf(of)).toEqual([
    { namespace: 'default', name: 'a' },
    { namespace: 'x', name: 'a' },
  ]);
  const location = (topology: object): Location => fixture('Location', 'l', { spec: { topology } });
  expect(citiesOf([location({ [cityCodeKey]: 'DFW' }), location({}), location({ [cityCodeKey]: 'DFW' })])).toEqual(
    new Set(['DFW']),
  );
});

const none = new Map<string, string[]>();
const counted = (name: string, placementName: string, ready: number, ...conditions: string[]): WorkloadDeployment =>
  fixture('WorkloadDeployment', name, {
    spec: { placementName },
    status: {
      replicas: 2,
      currentReplicas: 2,
      desiredReplicas: 3,
      readyReplicas: ready,
      conditions: fixture('WorkloadDeployment', name, { conditions }).status?.conditions,
    },
  });

test('counts of all deployments together, and by placement', () => {
  const deployments = [
    counted('a', 'us', 1, 'Available=True'),
    counted('b', 'us', 0),
    fixture('WorkloadDeployment', 'c', { spec: { placementName: 'eu' } }),
  ];
  const state = workloadState(workload('us:DFW,LHR', 'eu:SYD'), deployments, [], none);
  expect(state).toMatchObject({
    deployments: 3,
    replicas: 4,
    currentReplicas: 4,
    desiredReplicas: 6,
    readyReplicas: 1,
  });
  expect(state.placements).toMatchObject([
    { name: 'us', replicas: 4, readyReplicas: 1 },
    { name: 'eu', replicas: 0, desiredReplicas: 0 },
  ]);
});

test.each<[string, WorkloadDeployment[], string[], ReadonlyMap<string, string[]>, string, string]>([
  [
    'one is available',
    [counted('a', 'us', 1, 'Available=True'), counted('b', 'us', 0)],
    [],
    none,
    'Available=True AvailablePlacementFound: 1/1 placements are available',
    'Available=True AvailableDeploymentFound: 1/2 deployments are available',
  ],
  [
    'none is',
    [counted('a', 'us', 0, 'Available=False ProvisioningInstances')],
    [],
    none,
    'Available=False NoAvailablePlacements: 0/1 placements are available; us: 0/1 deployments are available',
    'Available=False NoAvailableDeployments: 0/1 deployments are available',
  ],
  [
    'a network is missing',
    [counted('a', 'us', 1, 'Available=True')],
    ['a', 'x/b'],
    none,
    'Available=False NetworkNotFound: Unable to find networks: a, x/b',
    'Available=True AvailableDeploymentFound: 1/1 deployments are available',
  ],
  [
    'a city has no location',
    [],
    [],
    new Map([['us', ['LHR']]]),
    'Available=False NoAvailablePlacements: 0/1 placements are available; us: 0/0 deployments are available; no location has city code LHR',
    'Available=False NoAvailableDeployments: 0/0 deployments are available; no location has city code LHR',
  ],
])('Available when %s', (_case, deployments, missing, homeless, ofWorkload, ofPlacement) => {
  const state = workloadState(web, deployments, missing, homeless);
  expect(textOf(state.available)).toBe(ofWorkload);
  expect(state.placements.map(({ available }) => textOf(available))).toEqual([ofPlacement]);
});
