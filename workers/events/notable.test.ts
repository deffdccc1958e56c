import { expect, test } from 'vitest';
import type { Condition } from '../../kinds/object.ts';
import { notable, rescaled } from './notable.ts';

type Status = Condition['status'];

test.each<[Status | undefined, string, Status, string, string | undefined]>([
  [undefined, '', 'True', 'Ready', 'Normal'],
  ['Unknown', 'Pending', 'True', 'Ready', 'Normal'],
  ['True', 'Ready', 'True', 'Renamed', undefined],
  ['True', 'Ready', 'False', 'ProgrammingInProgress', 'Warning'],
  ['Unknown', 'Pending', 'False', 'ProgrammingInProgress', undefined],
  ['Unknown', 'Pending', 'False', 'NetworkContextNotReady', undefined],
  ['Unknown', 'Pending', 'False', 'QuotaExceeded', 'Warning'],
  ['False', 'QuotaExceeded', 'False', 'QuotaExceeded', undefined],
  ['False', 'QuotaExceeded', 'False', 'NetworkFailedToCreate', 'Warning'],
  ['Unknown', 'Pending', 'False', 'LocationAssigned', 'Normal'],
  ['False', 'LocationAssigned', 'False', 'LocationAssigned', undefined],
  ['True', 'Ready', 'False', 'Terminating', 'Normal'],
  ['True', 'Ready', 'False', 'DeletionBlocked', 'Normal'],
  ['True', 'Ready', 'Unknown', 'Lost', undefined],
])('from %s %s to %s %s: %s', (was, oldReason, status, reason, type) => {
  const before = was === undefined ? [] : [{ type: 'Ready', status: was, reason: oldReason }];
  const condition = { type: 'Ready', status, reason, message: 'm', lastTransitionTime: '' };
  expect(notable(before, [condition])).toEqual(type === undefined ? [] : [{ type, reason, message: 'm' }]);
});

test('a number of instances that metrics change is told once', () => {
  const two = { desiredReplicas: 2 };
  expect(rescaled(two, { desiredReplicas: 4, message: 'CPU use is 90 %' })).toEqual([
    { type: 'Normal', reason: 'Rescaled', message: 'From 2 to 4 instances: CPU use is 90 %' },
  ]);
  expect([rescaled(two, two), rescaled(undefined, two), rescaled(two, undefined)]).toEqual([[], [], []]);
});
