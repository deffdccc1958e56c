import { expect, test } from 'vitest';
import { durationText } from './duration.ts';
import { type Step, stepsOf, type Write } from './instance-steps.ts';
import { instanceVerdict } from './instance-verdict.ts';
import { conditionsLike, instance } from './model-objects.fixture.ts';

const at = (secs: number): string => new Date(Date.parse('2026-11-23T10:00:00Z') + secs * 1_000).toISOString();
const write = (secs: number, path: string, after: unknown, before: unknown = null): Write => ({
  time: at(secs),
  changes: [{ path, before, after }],
});
const condition = (secs: number, type: string): Write =>
  write(secs, `status.conditions[type=${type}].status`, 'True', 'False');

/** Newest first, as the API tells it. */
const history = [
  condition(9, 'Ready'),
  condition(8, 'Running'),
  condition(6, 'Programmed'),
  write(3.5, 'status.networkInterfaces', [{ assignments: { networkIP: '10.128.0.2' } }]),
  write(3, 'spec.controller.schedulingGates[name=Network]', null, { name: 'Network' }),
  write(0.5, 'spec', { location: { name: 'dfw' } }),
];

const told = (steps: readonly Step[]): string[] =>
  steps.map(({ key, state, tookMs }) => `${key} ${state}${tookMs === undefined ? '' : ` ${tookMs / 1_000}`}`);

test('each step of a ready instance has its time', () => {
  const steps = stepsOf(instance('a', '10.128.0.2'), history);
  expect(told(steps)).toEqual([
    'created done',
    'scheduled done 0',
    'network done 2.5',
    'addresses done 0.5',
    'machine done 2.5',
    'running done 2',
    'ready done 1',
  ]);
  expect(instanceVerdict(steps, Date.parse(at(69)))).toBe(
    'It is ready, for 1 min now; that took 8.5 s from its creation.',
  );
  expect(stepsOf(instance('a', '10.128.0.2'), history.toReversed())).toEqual(steps);
});

test('without history the conditions tell', () => {
  const steps = stepsOf(instance('a', '10.128.0.2'), []);
  expect(told(steps)).toEqual([
    'created done',
    'scheduled done 0',
    'network done 0',
    'addresses done',
    'machine done 9',
    'running done 0',
    'ready done 0',
  ]);
});

test('a gated instance waits for its network, and all else for that', () => {
  const gated = instance('a', undefined, {
    spec: { controller: { templateHash: 'x', schedulingGates: [{ name: 'Network' }] } },
    status: {
      conditions: conditionsLike(
        ['Programmed', 'Unknown', 'Pending'],
        ['Running', 'Unknown', 'Pending'],
        ['Ready', 'False', 'SchedulingGatesPresent'],
      ),
    },
  });
  const steps = stepsOf(gated, history.slice(-1));
  expect(told(steps).slice(2)).toEqual([
    'network current',
    'addresses waiting',
    'machine waiting',
    'running waiting',
    'ready waiting',
  ]);
  expect(instanceVerdict(steps, Date.parse(at(12.5)))).toBe(
    'It waits for step “Network”, for 12 s now: Ready is SchedulingGatesPresent.',
  );
});

test('what has failed is told once, where it failed', () => {
  const stuck = instance('a', '10.128.0.2', {
    status: {
      conditions: conditionsLike(
        ['Programmed', 'False', 'QuotaExceeded'],
        ['Running', 'False', 'QuotaExceeded'],
        ['Ready', 'False', 'QuotaExceeded'],
      ),
    },
  });
  const steps = stepsOf(stuck, history.slice(3));
  expect(told(steps).slice(3)).toEqual(['addresses done 0.5', 'machine failed', 'running waiting', 'ready waiting']);
  expect(instanceVerdict(steps, 0)).toBe('Cloud machine has failed: Programmed is QuotaExceeded.');
});

test('one that was stopped has been running before', () => {
  const stopped = instance('a', '10.128.0.2', {
    status: {
      conditions: conditionsLike(
        ['Programmed', 'True', 'Programmed'],
        ['Running', 'False', 'Stopped'],
        ['Ready', 'False', 'Stopped'],
      ),
    },
  });
  expect(told(stepsOf(stopped, history)).slice(4)).toEqual(['machine done 2.5', 'running failed', 'ready waiting']);
});

test('one that is off as it is wanted has not failed', () => {
  const off = instance('a', '10.128.0.2', {
    spec: { powerState: 'Stopped' },
    status: {
      conditions: conditionsLike(
        ['Programmed', 'True', 'Programmed'],
        ['Running', 'False', 'Stopped'],
        ['Ready', 'False', 'Stopped'],
      ),
    },
  });
  const steps = stepsOf(off, history);
  expect(told(steps).slice(4)).toEqual(['machine done 2.5', 'running resting', 'ready waiting']);
  expect(instanceVerdict(steps, 0)).toBe('It is off, as is wanted: Running is Stopped.');
});

test('what is deleted says what it waits for', () => {
  const going = instance('a', '10.128.0.2');
  const metadata = { ...going.metadata, deletionTimestamp: at(20), finalizers: ['a.example/b'] };
  const steps = stepsOf({ ...going, metadata }, history);
  expect(steps.at(-1)).toMatchObject({ key: 'deleting', state: 'current' });
  expect(instanceVerdict(steps, 0)).toBe('It is being deleted. Waits for a.example/b.');
});

test.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [12_400, '12 s'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h'],
  [187_200_000, '2 d 4 h'],
  [-5, '0.0 s'],
])('%d ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));
