import { expect, it } from 'vitest';
import { fixture } from '../../test/support/fixture.ts';
import { fateOf, type OwnerState } from './plan.ts';

const owners = (...states: OwnerState['state'][]): OwnerState[] =>
  states.map((state, index) => ({ uid: `u${index}`, state }));
const plain = fixture('ConfigMap', 'c');
const deleting = fixture('ConfigMap', 'c', {
  metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'] },
});
const orphaning = fixture('ConfigMap', 'c', { metadata: { finalizers: ['orphan'] } });

it.each([
  ['no owners', plain, owners(), false, { do: 'keep' }],
  ['all there', plain, owners('present', 'present'), false, { do: 'keep' }],
  ['one of two gone', plain, owners('absent', 'present'), false, { do: 'forget', uids: ['u0'] }],
  ['one of two waiting', plain, owners('present', 'waiting'), true, { do: 'forget', uids: ['u1'] }],
  ['all gone', plain, owners('absent', 'absent'), true, { do: 'delete', propagation: 'Background' }],
  ['all gone, orphans wished', orphaning, owners('absent'), true, { do: 'delete', propagation: 'Orphan' }],
  ['owner waits, no dependents', plain, owners('waiting'), false, { do: 'delete', propagation: 'Background' }],
  ['owner waits, dependents', plain, owners('waiting', 'absent'), true, { do: 'delete', propagation: 'Foreground' }],
  ['already being deleted', deleting, owners('absent'), false, { do: 'keep' }],
] as const)('%s', (_, object, states, hasDependents, fate) => {
  expect(fateOf(object, states, hasDependents)).toEqual(fate);
});
