import { expect, test } from 'vitest';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { needsLook, plan } from './plan.ts';

const noFailure = undefined;

function readyOf(
  conditions: string[],
  { gated = false, failure }: { gated?: boolean; failure?: { reason: string; message: string } } = {},
): string | undefined {
  const controller = { templateHash: 'h1', schedulingGates: gated ? [{ name: 'Network' }] : [] };
  const { ready } = plan(fixture('Instance', 'web-0', { spec: { controller }, conditions }), failure);
  return ready && textOf(ready);
}

test.each([
  [
    'new: nothing is known',
    ['Ready=Unknown Pending', 'Programmed=Unknown Pending', 'Running=Unknown Pending'],
    undefined,
  ],
  [
    'not programmed',
    ['Ready=Unknown Pending', 'Programmed=False ProvisioningSecret: secret x'],
    'Ready=False ProvisioningSecret: secret x',
  ],
  ['programmed, not running', ['Programmed=True', 'Running=False Starting: STAGING'], 'Ready=False Starting: STAGING'],
  [
    'not programmed comes first',
    ['Programmed=False ServiceAccountFailedToCreate: no', 'Running=False Stopped: TERMINATED'],
    'Ready=False ServiceAccountFailedToCreate: no',
  ],
  ['both hold', ['Programmed=True', 'Running=True'], 'Ready=True Running: Instance is running'],
  [
    'stopped after it was ready',
    ['Ready=True', 'Programmed=True', 'Running=False Stopped: TERMINATED'],
    'Ready=False Stopped: TERMINATED',
  ],
  [
    'unknown after it was gated',
    ['Ready=False SchedulingGatesPresent', 'Programmed=Unknown Pending'],
    'Ready=False Pending: Waiting for Programmed',
  ],
])('%s', (_case, conditions, expected) => {
  expect(readyOf(conditions)).toBe(expected);
});

test('gates come before everything', () => {
  const conditions = ['Programmed=True', 'Running=True'];
  expect(readyOf(conditions, { gated: true })).toBe(
    'Ready=False SchedulingGatesPresent: Scheduling gates present: Network',
  );
});

test('what kept the network away is passed on, while gated', () => {
  const failure = { reason: 'NetworkFailedToCreate', message: 'no quota' };
  expect(readyOf([], { gated: true, failure })).toBe('Ready=False NetworkFailedToCreate: no quota');
  expect(readyOf(['Programmed=True', 'Running=True'], { failure })).toBe('Ready=True Running: Instance is running');
});

test('the template hash is observed once the instance is programmed, and stays', () => {
  const spec = { controller: { templateHash: 'h2' } };
  const hashOf = (conditions: string[], status = {}): string | undefined =>
    plan(fixture('Instance', 'web-0', { spec, status, conditions }), noFailure).observedTemplateHash;
  expect(hashOf(['Programmed=False ProvisioningSecret'])).toBeUndefined();
  expect(hashOf(['Programmed=True'])).toBe('h2');
  const observed = { conditions: [], controller: { observedTemplateHash: 'h1' } };
  expect(hashOf([], observed)).toBe('h1');
});

test('only an instance that shows something else is looked at', () => {
  const spec = { controller: { templateHash: 'h1', schedulingGates: [] } };
  const at = (conditions: string[], controller?: object): boolean => {
    const parsed = fixture('Instance', 'web-0', { conditions }).status?.conditions?.map((one) => ({
      ...one,
      observedGeneration: 1,
    }));
    return needsLook(
      fixture('Instance', 'web-0', { spec, status: { conditions: parsed, ...(controller ? { controller } : {}) } }),
    );
  };
  const running = ['Programmed=True', 'Running=True'];
  const ready = 'Ready=True Running: Instance is running';
  expect(at(['Ready=Unknown Pending', 'Programmed=Unknown Pending'])).toBe(false);
  expect(at(['Ready=Unknown Pending', 'Programmed=False ProvisioningSecret: x'])).toBe(true);
  expect(at(['Ready=False ProvisioningSecret: x', 'Programmed=False ProvisioningSecret: x'])).toBe(false);
  expect(at(['Ready=False ProvisioningSecret: x', ...running])).toBe(true);
  expect(at([ready, ...running])).toBe(true);
  expect(at([ready, ...running], { observedTemplateHash: 'h1' })).toBe(false);
  expect(
    needsLook(
      fixture('Instance', 'web-0', {
        spec: { controller: { templateHash: 'h', schedulingGates: [{ name: 'Network' }] } },
      }),
    ),
  ).toBe(true);
});
