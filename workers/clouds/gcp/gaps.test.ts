import { expect, test } from 'vitest';
import { reasonOf } from '../../gcp-objects/reasons.ts';
import { operationFault } from './classify.ts';
import { machineBody } from './machine.ts';
import { powerState } from './power-state.ts';

const machine = (sshKeys?: string) =>
  machineBody({
    ref: { account: 'p', scope: 'zones/us-south1-a', name: 'instance-i' },
    region: 'us-south1',
    instanceUid: 'i',
    deploymentUid: 'd',
    workloadUid: 'w',
    machineType: 'n2-standard-2',
    bootDisk: { image: 'projects/x/global/images/y', sizeGb: 25, type: 'pd-standard', deviceName: 'volume-0' },
    dataDisks: [],
    interfaces: [{ network: 'n', subnetwork: 's', address: '10.128.0.2', external: 'None', stack: 'IPv4' }],
    policyTags: [],
    serviceAccount: 'w@p',
    readsSecrets: false,
    userData: '#cloud-config\n',
    guest: '{}',
    ...(sshKeys === undefined ? {} : { sshKeys }),
    marker: { ownerKind: 'Instance', ownerUid: 'i' },
  });

test.each([
  ['ZONE_RESOURCE_POOL_EXHAUSTED', 'M', 'ResourcePoolExhausted'],
  ['QUOTA_EXCEEDED', 'M', 'QuotaExceeded'],
  ['IP_SPACE_EXHAUSTED', 'M', 'IPSpaceExhausted'],
  ['EXTERNAL_RESOURCE_NOT_FOUND', 'The service account w@p does not exist.', 'ServiceAccountPropagating'],
  ['SERVICE_ACCOUNT_ACCESS_DENIED', 'M', 'PermissionDenied'],
])('gap 23: what an operation ends with is a reason: %s', (code, message, reason) => {
  expect(reasonOf(operationFault({ code, message }))).toBe(reason);
});

test('gap 25: a machine forwards nothing for others', () => expect(machine().canIpForward ?? false).toBe(false));

test('gap 33: without keys there is no metadata for them', () => {
  expect(machine().metadata?.items?.map(({ key }) => key)).not.toContain('ssh-keys');
  expect(machine('ops:ssh-ed25519 A').metadata?.items).toContainEqual({ key: 'ssh-keys', value: 'ops:ssh-ed25519 A' });
});

test('gap 34: every state of a machine has a word of its own, and only one that runs is running', () => {
  const states = [
    'PENDING',
    'PROVISIONING',
    'STAGING',
    'RUNNING',
    'PENDING_STOP',
    'STOPPING',
    'SUSPENDING',
    'SUSPENDED',
    'REPAIRING',
    'TERMINATED',
    'STOPPED',
    'DEPROVISIONING',
  ];
  const shown = states.map((state) => powerState(state));
  expect(new Set(shown.map(({ message }) => message)).size).toBe(states.length);
  expect(shown.every(({ message }) => !message.includes('not known'))).toBe(true);
  expect(states.filter((state) => powerState(state).running)).toEqual(['RUNNING']);
});
