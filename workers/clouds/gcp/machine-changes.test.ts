import { expect, test } from 'vitest';
import { disruptions, machineChanges, machineDisruption } from './machine-changes.ts';

const machine = {
  boot: 'b',
  bootDiskGb: 25,
  disks: { data: 'p/zones/z/disks/d' },
  machineType: 'n2-standard-2',
  metadata: 'm',
  networkInterfaces: [{ network: 'p/global/networks/n', subnetwork: 's', networkIP: '10.0.0.2' }],
  serviceAccounts: ['w@p'],
  externalAccess: ['Ephemeral'],
  stacks: ['IPV4_ONLY'],
  tags: ['a'],
};

const cases: [keyof typeof machine, unknown, string][] = [
  ['boot', 'other', 'NeedsReplace'],
  ['bootDiskGb', 30, 'InPlace'],
  ['bootDiskGb', 20, 'NeedsReplace'],
  ['disks', {}, 'InPlace'],
  ['disks', { data: 'p/zones/z/disks/e' }, 'InPlace'],
  ['disks', { data: 'p/zones/z/disks/d', more: 'p/zones/z/disks/e' }, 'InPlace'],
  ['machineType', 'n2-standard-4', 'NeedsStop'],
  ['metadata', 'other', 'InPlace'],
  ['networkInterfaces', [{ network: 'p/global/networks/other' }], 'NeedsReplace'],
  ['serviceAccounts', ['v@p'], 'NeedsStop'],
  ['externalAccess', ['None'], 'InPlace'],
  ['stacks', ['IPV4_IPV6'], 'InPlace'],
  ['tags', ['a', 'b'], 'InPlace'],
];

test.each(cases)('%s to %j: %s', (field, value, disruption) => {
  expect(machineChanges({ ...machine, [field]: value }, machine)).toEqual([{ field, disruption }]);
  expect(machineDisruption({ ...machine, [field]: value }, machine)).toBe(disruption);
});

test('every field of a machine is in the table, and in these cases', () => {
  expect(Object.keys(disruptions).toSorted()).toEqual(Object.keys(machine).toSorted());
  expect([...new Set(cases.map(([field]) => field))].toSorted()).toEqual(Object.keys(machine).toSorted());
});

test('of several changes the most disruptive counts and comes first; none is none', () => {
  const changed = { ...machine, tags: [], machineType: 'n2-standard-4' };
  expect(machineChanges(changed, machine).map(({ field }) => field)).toEqual(['machineType', 'tags']);
  expect(machineDisruption(changed, machine)).toBe('NeedsStop');
  expect(machineDisruption(machine, machine)).toBeUndefined();
});
