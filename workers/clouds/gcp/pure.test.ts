import { describe, expect, test } from 'vitest';
import { httpFault, operationFault } from './classify.ts';
import { specHash } from './hash.ts';
import { createLimiter } from './limiter.ts';
import { bucketOf, defaultLimits } from './limits.ts';
import { descriptionOf, labelsOf, markerOf, markerOfLabels } from './marker.ts';
import { powerState } from './power-state.ts';
import { normalReference } from './references.ts';
import { requestIdOf } from './request-id.ts';
import { retryDelayMs, retryPolicy } from './retry.ts';

describe('classification', () => {
  const compute = (code: number, reason: string, message = 'M', details?: object[]) => ({
    error: { code, message, errors: [{ message, domain: 'global', reason }], ...(details ? { details } : {}) },
  });
  test.each([
    [400, compute(400, 'invalid'), 'spec'],
    [400, compute(400, 'required'), 'spec'],
    [400, compute(400, 'resourceInUseByAnotherResource'), 'dependency'],
    [400, compute(400, 'resourceNotReady'), 'transient'],
    [401, compute(401, 'authError'), 'permission'],
    [403, compute(403, 'forbidden'), 'permission'],
    [403, compute(403, 'accessNotConfigured'), 'configuration'],
    [403, compute(403, 'forbidden', 'M', [{ reason: 'SERVICE_DISABLED' }]), 'configuration'],
    [403, compute(403, 'quotaExceeded'), 'quota'],
    [403, compute(403, 'rateLimitExceeded'), 'throttle'],
    [403, compute(403, 'rateLimitExceeded', 'M', [{ reason: 'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED' }]), 'throttle'],
    [404, compute(404, 'notFound'), 'notFound'],
    [409, compute(409, 'alreadyExists'), 'alreadyExists'],
    [409, compute(409, 'operationInProgress'), 'transient'],
    [412, compute(412, 'conditionNotMet'), 'conflict'],
    [409, { error: { code: 409, message: 'M', status: 'ALREADY_EXISTS' } }, 'alreadyExists'],
    [409, { error: { code: 409, message: 'M', status: 'ABORTED' } }, 'conflict'],
    [429, { error: { code: 429, message: 'M', status: 'RESOURCE_EXHAUSTED' } }, 'throttle'],
    [
      429,
      {
        error: {
          code: 429,
          message: 'Maximum number of service accounts on project reached.',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
      'quota',
    ],
    [
      400,
      { error: { code: 400, message: 'Service account w-1@p.iam does not exist.', status: 'INVALID_ARGUMENT' } },
      'propagation',
    ],
    [503, '<html>Service Unavailable</html>', 'transient'],
    [500, compute(500, 'backendError'), 'transient'],
    [403, undefined, 'permission'],
    [418, undefined, 'spec'],
  ])('HTTP %i %j is %s', (status, body, expected) => expect(httpFault(status, body).class).toBe(expected));

  test.each([
    ['ZONE_RESOURCE_POOL_EXHAUSTED', 'M', 'stockout'],
    ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', 'M', 'stockout'],
    ['IP_SPACE_EXHAUSTED', 'M', 'stockout'],
    ['QUOTA_EXCEEDED', "Quota 'NETWORKS' exceeded. Limit: 5.0 globally.", 'quota'],
    ['RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', 'M', 'dependency'],
    [
      'EXTERNAL_RESOURCE_NOT_FOUND',
      "The resource 'projects/p/serviceAccounts/w' of type 'serviceAccount' was not found.",
      'propagation',
    ],
    ['RESOURCE_NOT_FOUND', "The resource 'projects/p/global/networks/n' was not found", 'dependency'],
    ['SERVICE_ACCOUNT_ACCESS_DENIED', 'M', 'permission'],
    ['INTERNAL_ERROR', 'M', 'transient'],
    ['NEVER_HEARD_OF', 'M', 'transient'],
  ])('operation %s is %s', (code, message, expected) => expect(operationFault({ code, message }).class).toBe(expected));
});

test('delays grow within the bounds of their class', () => {
  const policy = retryPolicy;
  expect(retryDelayMs(policy, 'transient', 1, () => 1)).toBe(1_000);
  expect(retryDelayMs(policy, 'transient', 99, () => 1)).toBe(30_000);
  expect(retryDelayMs(policy, 'stockout', 1, () => 0)).toBe(60_000);
  expect(retryDelayMs(policy, 'stockout', 9, () => 1)).toBe(15 * 60_000);
});

describe('limits', () => {
  test.each([
    ['POST', '/compute/v1/projects/p/global/networks', 'p globalWrites'],
    ['GET', '/compute/v1/projects/p/global/networks/n', 'p globalReads'],
    ['POST', '/compute/v1/projects/p/zones/us-south1-a/instances', 'p us-south1 Writes'],
    ['POST', '/compute/v1/projects/p/regions/us-south1/subnetworks', 'p us-south1 Writes'],
    ['GET', '/compute/v1/projects/p/zones/us-south1-a/operations/o', 'p operationReads'],
    ['POST', '/v1/projects/p/serviceAccounts', 'p iamWrites'],
    ['GET', '/v1/projects/p/secrets/s:getIamPolicy', 'p secretReads'],
    ['POST', '/v1/projects/p/secrets/s:addVersion', 'p secretWrites'],
  ])('%s %s counts as %s', (method, path, key) => expect(bucketOf(method, path).key).toBe(key));

  test('a bucket is full again at the next window, and no sooner when Google says that it is empty', () => {
    let nowMs = 60_000_000;
    const bucket = bucketOf('POST', '/compute/v1/projects/p/global/networks');
    const limiter = createLimiter({ limits: { ...defaultLimits, globalWrites: 2 }, now: () => nowMs, random: () => 0 });
    nowMs += 1_000;
    expect([limiter.take(bucket), limiter.take(bucket), limiter.take(bucket)]).toEqual([undefined, undefined, 59_000]);
    nowMs += 59_000;
    expect(limiter.take(bucket)).toBeUndefined();
    expect(limiter.drain(bucket)).toBe(60_000);
    expect(limiter.take(bucket)).toBe(60_000);
    nowMs += 60_000;
    expect(limiter.take(bucket)).toBeUndefined();
  });
});

test('markers come back from descriptions and labels, and from nothing else', () => {
  const marker = {
    ownerKind: 'Network',
    ownerUid: '5f9f9a3e-8f0f-4b57-9a9c-2f8f0a4f1c11',
    specHash: 'abcdefghijklmnop',
  };
  expect(markerOf(descriptionOf(marker))).toEqual(marker);
  expect(descriptionOf(marker).length).toBeLessThanOrEqual(256);
  expect(markerOfLabels(labelsOf(marker))).toEqual({ ...marker, ownerKind: 'network' });
  for (const foreign of [undefined, '', 'our network', '{', '{"managed-by":"terraform","owner-uid":"x"}', 'null'])
    expect(markerOf(foreign)).toBeUndefined();
  expect(markerOfLabels({ 'managed-by': 'goog-gke' })).toBeUndefined();
});

test('references are the same whatever form they come in', () => {
  for (const form of [
    'https://www.googleapis.com/compute/v1/projects/p/global/networks/n',
    'https://compute.googleapis.com/compute/beta/projects/p/global/networks/n',
    'projects/p/global/networks/n',
    'global/networks/n',
  ]) {
    expect(normalReference(form, 'p')).toBe('p/global/networks/n');
  }
});

test('request ids are uuids of version 5, the same for the same attempt only', () => {
  const call = { resource: 'compute.networks/p/global/n', verb: 'insert', generation: 1, attempt: 0 };
  expect(requestIdOf(call)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(requestIdOf(call)).toBe(requestIdOf({ ...call }));
  const others = [{ attempt: 1 }, { generation: 2 }, { verb: 'delete' }, { resource: 'x' }].map((change) =>
    requestIdOf({ ...call, ...change }),
  );
  expect(new Set([...others, requestIdOf(call)]).size).toBe(5);
});

test('a hash does not depend on the order of fields', () => {
  expect(specHash({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(specHash({ b: { c: [1, 2] }, a: 1 }));
  expect(specHash({ a: [1, 2] })).not.toBe(specHash({ a: [2, 1] }));
});

test.each([
  ['PENDING', 'Starting'],
  ['PROVISIONING', 'Starting'],
  ['STAGING', 'Starting'],
  ['RUNNING', 'Running'],
  ['PENDING_STOP', 'Stopping'],
  ['STOPPING', 'Stopping'],
  ['DEPROVISIONING', 'Stopping'],
  ['TERMINATED', 'Stopped'],
  ['STOPPED', 'Stopped'],
  ['SUSPENDING', 'Stopped'],
  ['SUSPENDED', 'Stopped'],
  ['REPAIRING', 'Stopped'],
  ['SOMETHING_NEW', 'Stopped'],
])('state %s is %s, and the message of a stopped one says which', (status, reason) => {
  expect(powerState(status).reason).toBe(reason);
  if (reason === 'Stopped') expect(powerState(status).message).toContain(status);
});
