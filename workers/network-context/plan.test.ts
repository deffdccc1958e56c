import { describe, expect, test } from 'vitest';
import { fixture, ownedByFixture, textOf } from '../../test/support/fixture.ts';
import { isNeeded, leftovers, readiness, type Surroundings } from './plan.ts';

const location = { name: 'dfw', namespace: 'infra' };
const spec = { network: { name: 'prod' }, location };
const byNetwork = { ownerReferences: [ownedByFixture('Network', 'prod')] };

test.each([
  ['nothing reported', ['Ready=Unknown Pending', 'Programmed=Unknown Pending'], undefined],
  ['in the making', ['Programmed=False ProgrammingInProgress: op 1'], 'Ready=False ProgrammingInProgress: op 1'],
  ['failed', ['Programmed=False NetworkFailedToCreate: quota'], 'Ready=False NetworkFailedToCreate: quota'],
  ['programmed', ['Programmed=True'], 'Ready=True Ready: Network is ready in the location'],
  [
    'needed again before anything was reported',
    ['Ready=False Unused', 'Programmed=Unknown Pending'],
    'Ready=False NotProgrammed: Waiting for the provider',
  ],
])('Ready follows Programmed: %s', (_case, conditions, expected) => {
  const ready = readiness(fixture('NetworkContext', 'c', { spec, conditions }));
  expect(ready && textOf(ready)).toBe(expected);
});

describe('is needed', () => {
  const none: Surroundings = { bindings: [], claims: [], subnets: [] };
  const context = fixture('NetworkContext', 'c', { spec, metadata: byNetwork });
  const shared = fixture('SubnetClaim', 'c-0', {
    metadata: { ownerReferences: [ownedByFixture('NetworkContext', 'c')] },
  });
  const ofShared = fixture('Subnet', 'c-0', { metadata: { ownerReferences: [ownedByFixture('SubnetClaim', 'c-0')] } });
  const bindingTo = (network: object, at: object = location): Surroundings => ({
    ...none,
    bindings: [fixture('NetworkBinding', 'b', { spec: { network, location: at } })],
  });

  test.each<[string, Surroundings, boolean]>([
    ['by nobody', none, false],
    ['not by what was made with it', { ...none, claims: [shared], subnets: [ofShared] }, false],
    ['by a binding', bindingTo({ name: 'prod' }), true],
    ['not by a binding in another location', bindingTo({ name: 'prod' }, { name: 'lhr', namespace: 'infra' }), false],
    ['not by a binding of a network of that name elsewhere', bindingTo({ name: 'prod', namespace: 'other' }), false],
    ["by a user's claim", { ...none, claims: [fixture('SubnetClaim', 'mine')] }, true],
    ["by a user's subnet", { ...none, subnets: [fixture('Subnet', 'mine')] }, true],
  ])('%s', (_case, surroundings, expected) => {
    expect(isNeeded(context, surroundings)).toBe(expected);
  });

  test('a context that no network made is left alone', () => {
    expect(isNeeded(fixture('NetworkContext', 'c', { spec }), none)).toBe(true);
  });
});

test('what is in a context goes first, each once', () => {
  const going = fixture('Subnet', 's1', { metadata: { deletionTimestamp: '2026-01-02T00:00:00Z' } });
  const claim = fixture('SubnetClaim', 'c1');
  expect(leftovers({ claims: [claim], subnets: [going] })).toEqual([claim]);
  expect(leftovers({ claims: [], subnets: [going] })).toEqual([]);
  expect(leftovers({ claims: [], subnets: [] })).toBeUndefined();
});
