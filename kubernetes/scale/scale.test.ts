import { expect, test } from 'vitest';
import type { Workload } from '../../kinds/generated/types.ts';
import { ApiError } from '../status/status.ts';
import { scaleOf, withScale } from './scale.ts';

type Placements = readonly { cities: readonly string[]; min: number; max?: number }[];

function workload(...placements: Placements): Workload {
  return {
    apiVersion: 'compute.datumapis.com/v1alpha',
    kind: 'Workload',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '7',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      template: {},
      placements: placements.map(({ cities, min, max }, index) => ({
        name: `p${index}`,
        cityCodes: [...cities],
        scaleSettings: { minReplicas: min, ...(max && { maxReplicas: max }), instanceManagementPolicy: 'OrderedReady' },
      })),
    },
    status: { replicas: 3 },
  } as unknown as Workload;
}

const two = workload({ cities: ['DFW', 'LHR'], min: 2 });

function refusal(run: () => unknown): ApiError['status'] {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error('it was accepted');
}

test('the scale is the sum over all cities of all placements', () => {
  const scale = scaleOf(workload({ cities: ['DFW', 'LHR'], min: 2 }, { cities: ['DLS'], min: 5 }));
  expect(scale).toEqual({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { replicas: 9 },
    status: { replicas: 3, selector: 'compute.datumapis.com/workload-uid=u' },
  });
  const { status: _, ...fresh } = two;
  expect(scaleOf(fresh).status.replicas).toBe(0);
});

test('a number that divides evenly is spread over the cities, and all else is kept', () => {
  const next = withScale(two, { spec: { replicas: 6 } });
  expect(next).toEqual(workload({ cities: ['DFW', 'LHR'], min: 3 }));
  expect(scaleOf(next).spec.replicas).toBe(6);
  expect(scaleOf(two).spec.replicas).toBe(4);
});

test('a maximum rises with the minimum and never falls', () => {
  const max = (replicas: number): unknown =>
    withScale(workload({ cities: ['DFW'], min: 2, max: 4 }), { spec: { replicas } }).spec.placements[0]?.scaleSettings;
  expect(max(6)).toMatchObject({ minReplicas: 6, maxReplicas: 6 });
  expect(max(1)).toMatchObject({ minReplicas: 1, maxReplicas: 4 });
});

test.each([
  ['negative', two, -1, '-1: should be a non-negative integer'],
  [
    'none',
    two,
    0,
    '0: placement "p0" spreads them evenly over 2 cities (DFW, LHR); accepted are multiples of 2 from 2 to 2000',
  ],
  [
    'odd',
    two,
    5,
    '5: placement "p0" spreads them evenly over 2 cities (DFW, LHR); accepted are multiples of 2 from 2 to 2000, such as 4 or 6',
  ],
  [
    'too many',
    workload({ cities: ['DFW'], min: 1 }),
    1001,
    '1001: placement "p0" spreads them evenly over one city (DFW); accepted is 1 to 1000',
  ],
  [
    'two placements',
    workload({ cities: ['DFW', 'LHR'], min: 2 }, { cities: ['DLS'], min: 5 }),
    4,
    '4: the workload has 2 placements, p0 (DFW, LHR) and p1 (DLS); set scaleSettings.minReplicas of each in its spec instead',
  ],
])('%s is refused with what would be accepted', (_name, of, replicas, message) => {
  expect(refusal(() => withScale(of, { spec: { replicas } }))).toMatchObject({
    code: 422,
    reason: 'Invalid',
    message: `Workload.compute.datumapis.com "web" is invalid: .spec.replicas: Invalid value: ${message}`,
    details: {
      name: 'web',
      group: 'compute.datumapis.com',
      kind: 'Workload',
      causes: [{ field: '.spec.replicas', reason: 'FieldValueInvalid' }],
    },
  });
});

test.each([
  null,
  5,
  { spec: [] },
  { spec: { replicas: '5' } },
  { spec: { replicas: 1.5 } },
  { spec: { replicas: 2 ** 40 } },
])('%j is no scale', (sent) => {
  expect(refusal(() => withScale(two, sent))).toMatchObject({ code: 400, reason: 'BadRequest' });
});
