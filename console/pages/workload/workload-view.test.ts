import { expect, test } from 'vitest';
import type { Workload, WorkloadDeployment } from '../../../sdk/main.ts';
import { matrixOf, verdictOf } from './workload-view.ts';

const metadata = { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1' };
const condition = (status: 'True' | 'False', reason: string, message = '') => [
  { type: 'Available', status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' },
];

function workload(counts: Partial<Workload['status'] & object>, more: object = {}): Workload {
  const { conditions = condition('True', 'Available') } = counts;
  const placements = [
    { name: 'us', cityCodes: ['DFW', 'DLS'], scaleSettings: { minReplicas: 1 } },
    { name: 'eu', cityCodes: ['LHR'], scaleSettings: { minReplicas: 1 } },
  ];
  return {
    kind: 'Workload',
    metadata: { ...metadata, ...more },
    spec: { placements },
    status: { ...counts, conditions },
  } as unknown as Workload;
}

function deployment(placementName: string, cityCode: string, status: object = {}): WorkloadDeployment {
  const conditions = condition('True', 'Available');
  return {
    kind: 'WorkloadDeployment',
    metadata: { ...metadata, name: `web-${placementName}-${cityCode}`.toLowerCase() },
    spec: { placementName, cityCode },
    status: { conditions, location: { name: `in-${cityCode}` }, readyReplicas: 1, desiredReplicas: 1, ...status },
  } as unknown as WorkloadDeployment;
}

const everywhere = [deployment('us', 'DFW'), deployment('us', 'DLS'), deployment('eu', 'LHR')];
const counts = (desired: number, existing: number, current: number, ready: number) => ({
  desiredReplicas: desired,
  replicas: existing,
  currentReplicas: current,
  readyReplicas: ready,
});

test.each<[string, Workload, WorkloadDeployment[], string, string]>([
  ['ready', workload(counts(3, 3, 3, 3)), everywhere, 'good', 'All 3 instances are ready in 3 cities.'],
  [
    'being made',
    workload(counts(3, 2, 2, 1)),
    everywhere,
    'busy',
    '1 of 3 instances are ready; the others are being made.',
  ],
  [
    'rolling out',
    workload(counts(3, 3, 1, 3)),
    everywhere,
    'busy',
    'A change is rolling out: 1 of 3 have it, 3 are ready.',
  ],
  ['not placed', workload(counts(0, 0, 0, 0)), [], 'busy', 'The scheduler has not placed it yet.'],
  [
    'without a location',
    workload({ ...counts(1, 0, 0, 0), conditions: condition('False', 'NoAvailablePlacements') }),
    [deployment('eu', 'LHR', { conditions: condition('False', 'NoCandidateLocations') })],
    'bad',
    '0 of 1 instance is ready. web-eu-lhr: No candidate locations.',
  ],
  [
    'leaving',
    workload(counts(0, 2, 2, 2), { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    everywhere,
    'busy',
    'It is being deleted; 2 instances still exist.',
  ],
])('a workload that is %s says so', (_, object, deployments, tone, text) => {
  expect(verdictOf(object, deployments)).toEqual({ tone, text });
});

test('the matrix has a row for each placement and a column for each city', () => {
  const { cities, rows } = matrixOf(workload(counts(3, 3, 3, 3)), everywhere);
  expect(cities).toEqual(['DFW', 'DLS', 'LHR']);
  expect(rows.map(({ placement, cells }) => [placement, cells.map((cell) => cell?.deployment.metadata.name)])).toEqual([
    ['us', ['web-us-dfw', 'web-us-dls', undefined]],
    ['eu', [undefined, undefined, 'web-eu-lhr']],
  ]);
});
