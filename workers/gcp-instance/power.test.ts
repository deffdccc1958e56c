import { expect, test } from 'vitest';
import { type PowerQuestion, powerStep } from './power.ts';

const at = (status: string, more: Partial<PowerQuestion> = {}) =>
  powerStep({ status, wanted: undefined, startAgain: false, restart: false, ...more });

test('gap 34: every state that Google names is answered, and what moves by itself is let be', () => {
  const moving = [
    'PENDING',
    'PROVISIONING',
    'STAGING',
    'PENDING_STOP',
    'STOPPING',
    'SUSPENDING',
    'REPAIRING',
    'DEPROVISIONING',
  ];
  for (const status of moving)
    for (const wanted of ['Running', 'Stopped', 'Suspended'] as const)
      expect(at(status, { wanted, restart: true, startAgain: true })).toBeUndefined();
});

test.each<[string, PowerQuestion['wanted'], string | undefined]>([
  ['RUNNING', 'Running', undefined],
  ['RUNNING', 'Stopped', 'stop'],
  ['RUNNING', 'Suspended', 'suspend'],
  ['RUNNING', undefined, undefined],
  ['TERMINATED', 'Running', 'start'],
  ['TERMINATED', 'Stopped', undefined],
  ['TERMINATED', 'Suspended', undefined],
  ['TERMINATED', undefined, undefined],
  ['STOPPED', 'Running', 'start'],
  ['SUSPENDED', 'Running', 'resume'],
  ['SUSPENDED', 'Stopped', 'stop'],
  ['SUSPENDED', 'Suspended', undefined],
  ['SUSPENDED', undefined, undefined],
])('%s, declared %s: %s', (status, wanted, verb) => expect(at(status, { wanted })).toBe(verb));

test('what was stopped to be changed starts again, unless it is to be stopped', () => {
  expect(at('TERMINATED', { startAgain: true })).toBe('start');
  expect(at('TERMINATED', { startAgain: true, wanted: 'Stopped' })).toBeUndefined();
});

test('a restart is for what runs', () => {
  expect(at('RUNNING', { restart: true })).toBe('reset');
  expect(at('RUNNING', { restart: true, wanted: 'Stopped' })).toBe('stop');
  expect(at('TERMINATED', { restart: true })).toBeUndefined();
});
