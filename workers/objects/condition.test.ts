import { expect, test } from 'vitest';
import { fixture } from '../../test/support/fixture.ts';
import { failureOf, isTrue } from './condition.ts';

test.each([
  'Unknown Pending',
  'False Pending',
  'False PendingProgramming',
  'False NotProgrammed',
  'False ProgrammingInProgress',
  'False ProvisioningServiceAccount',
  'False Starting',
  'True Programmed',
])('%s is no failure', (state) => {
  expect(failureOf(fixture('Instance', 'i', { conditions: [`Programmed=${state}`] }), 'Programmed')).toBeUndefined();
});

test.each(['NetworkFailedToCreate', 'ServiceAccountFailedToCreate', 'QuotaExceeded', 'RangeExhausted', 'Stopped'])(
  '%s is a failure',
  (reason) => {
    const instance = fixture('Instance', 'i', { conditions: [`Programmed=False ${reason}: why`] });
    expect(failureOf(instance, 'Programmed')).toMatchObject({ reason, message: 'why' });
    expect(failureOf(instance, 'Running')).toBeUndefined();
  },
);

test('what is not there is not true', () => {
  expect([
    isTrue(undefined, 'Ready'),
    isTrue({}, 'Ready'),
    isTrue(fixture('Instance', 'i', { conditions: ['Ready=True'] }), 'Ready'),
  ]).toEqual([false, false, true]);
});
