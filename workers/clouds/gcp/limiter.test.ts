import { describe, expect, test } from 'vitest';
import { createLimiter } from './limiter.ts';
import { bucketOf, defaultLimits } from './limits.ts';

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
