import { describe, expect, test } from 'vitest';
import type { Subnet } from '../../kinds/generated/types.ts';
import { fixture, ownedByFixture, textOf } from '../../test/support/fixture.ts';
import { asksOtherwise, makesSubnet, plan, requestOf, subnetObject, subnetOf } from './plan.ts';

const request = { subnetClass: 'private', ipFamily: 'IPv4' };
const claim = fixture('SubnetClaim', 'c-0', { spec: { ...request, networkContext: { name: 'c' } } });
const exact = fixture('SubnetClaim', 'c-1', {
  spec: { ...request, networkContext: { name: 'c' }, startAddress: '10.0.0.0', prefixLength: 24 },
});
const auto = fixture('Network', 'auto', { spec: { ipam: { mode: 'Auto' } } });
const policy = fixture('Network', 'policy', { spec: { ipam: { mode: 'Policy' } } });
const byClaim = { ownerReferences: [ownedByFixture('SubnetClaim', 'c-0')] };

function subnet(...conditions: string[]): Subnet {
  return fixture('Subnet', 'c-0', { metadata: byClaim, spec: request, conditions });
}

test.each([
  [
    'nothing reported',
    subnet('Ready=Unknown Pending', 'Allocated=Unknown Pending'),
    'Ready=False SubnetNotReady: Waiting for Subnet c-0',
  ],
  ['conflict', subnet('Allocated=False AddressConflict: by Subnet x'), 'Ready=False AddressConflict: by Subnet x'],
  ['outside', subnet('Allocated=False OutOfRange: not inside'), 'Ready=False OutOfRange: not inside'],
  ['no room', subnet('Allocated=False RangeExhausted: full'), 'Ready=False RangeExhausted: full'],
  [
    'in the making',
    subnet('Allocated=True', 'Ready=False ProgrammingInProgress: op 1'),
    'Ready=False SubnetNotReady: Subnet c-0: ProgrammingInProgress: op 1',
  ],
  ['ready', subnet('Allocated=True', 'Ready=True'), 'Ready=True SubnetReady: Subnet c-0 is ready'],
  [
    'none written by a user',
    undefined,
    'Ready=False SubnetNotReady: Waiting for a user to create an IPv4 Subnet of class private',
  ],
])('Ready: %s', (_case, ofClaim, expected) => {
  expect(textOf(plan(claim, ofClaim).ready)).toBe(expected);
});

test('name and range of the subnet are passed on', () => {
  const allocated = subnet('Allocated=True').status?.conditions;
  const given = fixture('Subnet', 'c-0', {
    status: { conditions: allocated, startAddress: '10.128.0.0', prefixLength: 20 },
  });
  expect(plan(claim, given)).toMatchObject({
    subnetRef: { name: 'c-0' },
    startAddress: '10.128.0.0',
    prefixLength: 20,
  });
  expect(plan(claim, subnet('Allocated=False OutOfRange')).subnetRef).toBeUndefined();
});

describe('which subnet', () => {
  const older = fixture('Subnet', 'b', { spec: request });
  const newer = fixture('Subnet', 'a', { spec: request, metadata: { creationTimestamp: '2026-02-01T00:00:00Z' } });
  const going = fixture('Subnet', 'd', {
    spec: request,
    metadata: { creationTimestamp: '2025-01-01T00:00:00Z', deletionTimestamp: '2026-03-01T00:00:00Z' },
  });
  const otherClass = fixture('Subnet', 'e', { spec: { ...request, subnetClass: 'public' } });
  const otherFamily = fixture('Subnet', 'f', { spec: { ...request, ipFamily: 'IPv6' } });

  test('its own before all others', () => {
    expect(subnetOf(claim, [older, subnet()])?.metadata.name).toBe('c-0');
  });

  test("else the oldest of the user's that fits", () => {
    expect(subnetOf(claim, [newer, going, otherClass, otherFamily, older])?.metadata.name).toBe('b');
    expect(subnetOf(claim, [otherClass, otherFamily])).toBeUndefined();
    const given = fixture('Subnet', 'g', { spec: request, metadata: newer.metadata, conditions: ['Allocated=True'] });
    expect(subnetOf(claim, [older, given])).toBe(given);
  });

  test('in Policy mode a claim that says where gets its own', () => {
    expect([makesSubnet(claim, policy), makesSubnet(exact, policy), makesSubnet(claim, auto)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

test('the subnet that is made asks for what the claim asks for', () => {
  const context = fixture('NetworkContext', 'c', { spec: { location: { name: 'dfw', namespace: 'infra' } } });
  expect(subnetObject(exact, context, 'n1')).toMatchObject({
    metadata: { namespace: 'default', ownerReferences: [{ uid: 'c-1-uid', controller: true }] },
    spec: { ...requestOf(exact), networkContext: { name: 'c' }, location: { name: 'dfw', namespace: 'infra' } },
  });
});

test('a changed claim changes a subnet that has no range yet, and no other', () => {
  const own = { metadata: { ownerReferences: [ownedByFixture('SubnetClaim', 'c-1')] }, spec: request };
  expect(asksOtherwise(exact, fixture('Subnet', 'c-1', own))).toBe(true);
  expect(asksOtherwise(exact, fixture('Subnet', 'c-1', { ...own, spec: exact.spec }))).toBe(false);
  expect(asksOtherwise(exact, fixture('Subnet', 'c-1', { ...own, conditions: ['Allocated=True'] }))).toBe(false);
  expect(asksOtherwise(exact, fixture('Subnet', 'mine', { spec: request }))).toBe(false);
});
