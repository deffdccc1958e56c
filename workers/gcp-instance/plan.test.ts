import { describe, expect, test } from 'vitest';
import { fixture, textOf } from '../../test/support/fixture.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { addressesIn, bootDiskOf, interfaceStatus, isMade, machineTypeOf, machineVerdicts } from './plan.ts';

function row(more: Partial<CloudResource>): CloudResource {
  const base = {
    name: 'instance-i',
    account: 'p',
    scope: 'zones/z',
    type: 'compute.instances',
    facts: {},
    verb: 'none',
    state: 'ready',
  };
  return { ...base, ...more } as CloudResource;
}

const retryAt = new Date('2026-11-22T10:00:00Z');
const failed = (code: string, faultClass: string): Stage => ({
  at: 'failed',
  row: row({ verb: 'insert' }),
  failure: { code, class: faultClass, message: 'M' },
  retryAt,
});

test.each<[string, Stage, string, string]>([
  ['nothing is known', { at: 'waiting' }, 'False ProvisioningProviderInstance', 'False Starting'],
  [
    'its insert runs',
    { at: 'waiting', row: row({ verb: 'insert', state: 'running', operation: 'o' }) },
    'False ProvisioningProviderInstance',
    'False Starting',
  ],
  [
    'it boots',
    { at: 'waiting', row: row({ state: 'running', facts: { status: 'STAGING' } }) },
    'True Programmed',
    'False Starting',
  ],
  ['it runs', { at: 'ready', row: row({ facts: { status: 'RUNNING' } }) }, 'True Programmed', 'True Running'],
  [
    'it was stopped',
    { at: 'ready', row: row({ facts: { status: 'TERMINATED' } }) },
    'True Programmed',
    'False Stopped',
  ],
  [
    'there is no machine left',
    failed('ZONE_RESOURCE_POOL_EXHAUSTED', 'stockout'),
    'False ResourcePoolExhausted',
    'False Starting',
  ],
  [
    'there is no address left',
    failed('IP_SPACE_EXHAUSTED_WITH_DETAILS', 'stockout'),
    'False IPSpaceExhausted',
    'False Starting',
  ],
  ['a quota is used up', failed('QUOTA_EXCEEDED', 'quota'), 'False QuotaExceeded', 'False Starting'],
  ['something is forbidden', failed('forbidden', 'permission'), 'False PermissionDenied', 'False Starting'],
  ['an API is off', failed('accessNotConfigured', 'configuration'), 'False ApiNotEnabled', 'False Starting'],
  [
    'the account is not known everywhere',
    failed('EXTERNAL_RESOURCE_NOT_FOUND', 'propagation'),
    'False ServiceAccountPropagating',
    'False Starting',
  ],
  ['its name is taken', failed('NameConflict', 'alreadyExists'), 'False NameConflict', 'False Starting'],
  ['it is asked for wrongly', failed('invalid', 'spec'), 'False InvalidConfiguration', 'False Starting'],
  [
    'Google is out of order',
    failed('backendError', 'transient'),
    'False ProvisioningProviderInstance',
    'False Starting',
  ],
])('when %s', (_, stage, programmed, running) => {
  const texts = machineVerdicts(stage).map(({ status, reason }) => `${status} ${reason}`);
  expect(texts).toEqual([programmed, running]);
});

test('a failure says which object, what Google said, and when it is tried again', () => {
  expect(machineVerdicts(failed('QUOTA_EXCEEDED', 'quota')).map(textOf)[0]).toBe(
    'Programmed=False QuotaExceeded: projects/p/zones/z/instances/instance-i: QUOTA_EXCEEDED: M (next attempt at 2026-11-22T10:00:00Z). A quota of the Google project is used up; a higher one can be asked for in its console',
  );
});

test('a machine is made once its insert is done, whatever it does then', () => {
  expect(isMade(row({ verb: 'insert', state: 'running', facts: { status: 'STAGING' } }))).toBe(false);
  expect(isMade(row({ verb: 'none', state: 'running' }))).toBe(false);
  expect(isMade(row({ verb: 'delete', state: 'running', facts: { status: 'STOPPING' } }))).toBe(false);
});

test('inner addresses are shown at once, outer ones when Google reports them, and not when it does no longer', () => {
  const facts = { networkIP0: '10.0.0.2', networkIP1: '10.1.0.2', externalIP0: '34.0.0.1', externalIP1: '' };
  const machine = row({ facts });
  expect(addressesIn(machine, 2)).toEqual(['10.0.0.2', '10.1.0.2']);
  expect(interfaceStatus(['10.0.0.2'], undefined)).toEqual([{ assignments: { networkIP: '10.0.0.2' } }]);
  expect(interfaceStatus(addressesIn(machine, 2), machine)).toEqual([
    { assignments: { networkIP: '10.0.0.2', externalIP: '34.0.0.1' } },
    { assignments: { networkIP: '10.1.0.2' } },
  ]);
});

describe('what a machine boots from', () => {
  function instance(disk: object, storage?: string) {
    const template = {
      spec: {
        populator: { image: { name: 'datumcloud/ubuntu-2204-lts' } },
        ...(storage ? { resources: { requests: { storage } } } : {}),
      },
    };
    const volumes = [
      { name: 'other', configMap: { name: 'c' } },
      { name: 'boot', disk: { template, ...disk } },
    ];
    return fixture('Instance', 'i', {
      spec: { runtime: { virtualMachine: { volumeAttachments: [{ name: 'boot' }] } }, volumes },
    });
  }
  const image = {
    source: 'projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts',
    sizeGb: 25,
    type: 'pd-standard',
    deviceName: 'volume-1',
  };

  test('is as large as its image needs, under the name of its index', () =>
    expect(bootDiskOf(instance({}))).toEqual(image));
  test('is as large as asked for, rounded up', () =>
    expect(bootDiskOf(instance({}, '30.5Gi'))).toEqual({ ...image, sizeGb: 31 }));
  test('has the name it is given', () =>
    expect(bootDiskOf(instance({ deviceName: 'root' }))).toMatchObject({ deviceName: 'root' }));
  test('is the image for sandboxes when there are containers', () => {
    expect(bootDiskOf(fixture('Instance', 'i', { spec: { runtime: { sandbox: {} } } }))).toMatchObject({
      source: 'projects/cos-cloud/global/images/family/cos-stable',
    });
  });
});

test('sizes are Google’s, and one that it does not have is said', () => {
  const sized = (instanceType: string) =>
    machineTypeOf(fixture('Instance', 'i', { spec: { runtime: { resources: { instanceType } } } }));
  expect(sized('datumcloud/d1-standard-2')).toBe('n2-standard-2');
  expect(sized('datumcloud/huge')).toMatchObject({ reason: 'InvalidConfiguration' });
});
