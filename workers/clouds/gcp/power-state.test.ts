import { expect, test } from 'vitest';
import { powerState } from './power-state.ts';

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
