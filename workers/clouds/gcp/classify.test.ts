import { describe, expect, test } from 'vitest';
import { httpFault, operationFault } from './classify.ts';

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
