import { expect, test } from 'vitest';
import { knownCodes, operationFault } from '../clouds/gcp/classify.ts';
import { addFault } from '../../test/support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  messageOf,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { adviceOn, describe, reasonOf } from './reasons.ts';

const row = { account: 'acme', scope: 'zones/z', type: 'compute.instances', name: 'vm' } as CloudResource;
const retryAt = new Date('2026-11-23T10:00:00Z');

/** Reasons by code; a code that is not here passes by itself, and the condition keeps the reason that it had. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  InvalidConfiguration: [
    'invalid',
    'required',
    'badRequest',
    'invalidUsage',
    'uploadTooLarge',
    'INVALID_ARGUMENT',
    'OUT_OF_RANGE',
    'INVALID_USAGE',
    'INVALID_FIELD_VALUE',
    'UNSUPPORTED_OPERATION',
  ],
  PermissionDenied: [
    'authError',
    'forbidden',
    'IAM_PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'PERMISSION_DENIED',
    'SERVICE_ACCOUNT_ACCESS_DENIED',
    'PERMISSIONS_ERROR',
  ],
  ApiNotEnabled: ['accessNotConfigured', 'SERVICE_DISABLED', 'CONSUMER_INVALID', 'UNIMPLEMENTED'],
  BillingDisabled: ['billingDisabled', 'BILLING_DISABLED'],
  QuotaExceeded: ['quotaExceeded', 'QUOTA_EXCEEDED', 'LIMIT_EXCEEDED'],
  RateLimited: [
    'rateLimitExceeded',
    'userRateLimitExceeded',
    'RATE_LIMIT_EXCEEDED',
    'RESOURCE_EXHAUSTED',
    'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED',
    'RESOURCE_OPERATION_RATE_EXCEEDED',
  ],
  NameConflict: ['alreadyExists', 'ALREADY_EXISTS', 'RESOURCE_ALREADY_EXISTS'],
  ResourcePoolExhausted: [
    'ZONE_RESOURCE_POOL_EXHAUSTED',
    'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS',
    'REGION_RESOURCE_POOL_EXHAUSTED',
    'VM_MIN_COUNT_NOT_REACHED',
  ],
  IPSpaceExhausted: ['IP_SPACE_EXHAUSTED', 'IP_SPACE_EXHAUSTED_WITH_DETAILS'],
};
const passing = [
  'resourceInUseByAnotherResource',
  'resourceNotReady',
  'notFound',
  'operationInProgress',
  'conditionNotMet',
  'backendError',
  'internalError',
  'FAILED_PRECONDITION',
  'NOT_FOUND',
  'ABORTED',
  'CANCELLED',
  'UNKNOWN',
  'INTERNAL',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_NOT_FOUND',
  'EXTERNAL_RESOURCE_NOT_FOUND',
  'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
  'RESOURCE_NOT_READY',
  'CONDITION_NOT_MET',
  'INTERNAL_ERROR',
];

test('the table names every code that there is', () => {
  expect([...Object.values(reasons).flat(), ...passing].toSorted()).toEqual(knownCodes.toSorted());
});

test.each(Object.entries(reasons).flatMap(([reason, codes]) => codes.map((code) => [code, reason])))(
  'gap 23: %s is told as %s, with what it means and when it is tried again',
  (code, reason) => {
    const failure = operationFault({ code, message: 'M' });
    expect(reasonOf(failure)).toBe(reason);
    expect(describe({ at: 'failed', failure, retryAt, row })).toBe(
      `projects/acme/zones/z/instances/vm: ${code}: M (next attempt at 2026-11-23T10:00:00Z). ${adviceOn(failure)}`,
    );
  },
);

test.each(passing)('%s passes by itself, and is told all the same', (code) => {
  const failure = operationFault({ code, message: 'M' });
  expect(reasonOf(failure)).toBeUndefined();
  expect(describe({ at: 'failed', failure, retryAt, row })).toMatch(/: M \(next attempt at 2026[^)]*\)\. .{20,}/);
});

test('a service account that is not known yet is told as such', () => {
  const failure = operationFault({
    code: 'EXTERNAL_RESOURCE_NOT_FOUND',
    message: "The resource 'w@p.iam.gserviceaccount.com' of type 'serviceAccount' was not found: service account",
  });
  expect(reasonOf({ ...failure, class: 'propagation' })).toBe('ServiceAccountPropagating');
});

test('while a project answers nothing, its objects say so with the next try, and few calls are sent', async () => {
  const world = await gcpWorld({ patience: 0.0005 });
  await createLocations(world, 'us-south1-a');
  await addFault(world, { path: '/global/networks', fault: { kind: 'http', status: 503, reason: 'backendError' } });
  await createNetwork(world);
  await createWorkload(world, 'web');
  const told = await world.eventuallyAll('NetworkContext', (all) =>
    all.some((one) => messageOf(one, 'Programmed').includes('circuitOpen')),
  );
  expect(messageOf(told[0], 'Programmed')).toMatch(/calls to acme-edge compute are held back after .*next attempt at/);
  expect(conditionText(told[0], 'Programmed')).toMatch(/^False /);
  await fetch(`${world.gcpControl}/_emu/faults`, { method: 'DELETE' });
  await readyInstances(world, 1);
});
