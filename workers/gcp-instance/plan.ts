import type { Instance, NetworkInterfaceStatus } from '../../kinds/generated/types.ts';
import { image as imageOf, imageNames, sandboxImage } from '../../kinds/compute/images.ts';
import { instanceType, instanceTypeNames } from '../../kinds/compute/instance-types.ts';
import { deviceNameOf, diskGib } from '../../kinds/compute/volume-rules.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Disruption } from '../clouds/gcp/cloud-object.ts';
import { externalIpFact, externalIpv6Fact, networkIpFact, networkIpv6Fact } from '../clouds/gcp/instances.ts';
import { powerState } from '../clouds/gcp/power-state.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { conditionOf, type Verdict } from '../objects/condition.ts';
import { triedBefore, zoneOf } from './zone-choice.ts';

/** Something that an instance needs before its machine can be made. */
export interface Missing {
  readonly reason: string;
  readonly message: string;
  /** When to look again, in milliseconds, where that is known. */
  readonly retryAfterMs?: number;
}

/** Programmed of an instance whose machine cannot be made yet. */
export function missingVerdicts({ reason, message }: Missing): Verdict[] {
  return [{ type: 'Programmed', status: 'False', reason, message }];
}

/** Programmed and Running of an instance, from where its machine is. */
export function machineVerdicts(stage: Stage): Verdict[] {
  if (stage.at === 'failed') {
    const { row, failure } = stage;
    const { status, statusMessage } = row.facts;
    return [
      programmed(reasonOf(failure) ?? 'ProvisioningProviderInstance', describe(stage)),
      (row.verb === 'patch' || row.verb === 'none') && status !== undefined
        ? running(status, statusMessage)
        : running(''),
    ];
  }
  const row = 'row' in stage ? stage.row : undefined;
  if (row === undefined || !isMade(row))
    return [programmed('ProvisioningProviderInstance', 'The machine is being created'), running('')];
  return [
    {
      type: 'Programmed',
      status: 'True',
      reason: 'Programmed',
      message: `Machine ${row.name} exists in project ${row.account}${insteadOf(row)}`,
    },
    running(row.facts['status'] ?? '', row.facts['statusMessage']),
  ];
}

/** Which zone a machine is in where that is not its location's first. */
function insteadOf(row: CloudResource): string {
  const tried = triedBefore(row);
  return tried.length === 0 ? '' : `, in zone ${zoneOf(row)} since ${tried.join(' and ')} had none left`;
}

/** What is to be done to a machine, said before it is; and that it is done. */
export function updatingVerdict(differences: readonly string[], disruption: Disruption): Verdict {
  const what = differences.join('; ');
  switch (disruption) {
    case 'InPlace':
      return updating('UpdatingInPlace', `The machine is changed while it runs: ${what}`);
    case 'NeedsStop':
      return updating('StoppingToUpdate', `The machine is stopped, changed and started again: ${what}`);
    case 'NeedsReplace':
      return updating('Replacing', `The machine is deleted and made anew, with its boot disk: ${what}`);
  }
}

function updating(reason: string, message: string): Verdict {
  return { type: 'Updating', status: 'True', reason, message };
}

/** Condition Updating of a machine that is as declared; absent if it never changed. */
export function updatedVerdicts(instance: Instance): Verdict[] {
  if (conditionOf(instance, 'Updating') === undefined) return [];
  return [{ type: 'Updating', status: 'False', reason: 'UpToDate', message: 'The machine is as declared' }];
}

/** Programmed of an instance whose disks are not there yet; undefined when they are. */
export function diskVerdict(stages: readonly Stage[]): Missing | undefined {
  const failed = stages.find((stage) => stage.at === 'failed');
  if (failed !== undefined)
    return { reason: reasonOf(failed.failure) ?? 'ProvisioningDisk', message: describe(failed) };
  return stages.every(({ at }) => at === 'ready')
    ? undefined
    : { reason: 'ProvisioningDisk', message: 'The disks of the machine are being made or changed' };
}

/** Whether Google has finished making the machine; it may still be on its way to running. */
export function isMade({ state, verb, facts }: CloudResource): boolean {
  if (verb === 'patch') return facts['status'] !== undefined;
  return verb === 'none' && (state === 'ready' || (state === 'running' && facts['status'] !== undefined));
}

function programmed(reason: string, message: string): Verdict {
  return { type: 'Programmed', status: 'False', reason, message };
}

function running(status: string, statusMessage?: string): Verdict {
  if (status === '')
    return { type: 'Running', status: 'False', reason: 'Starting', message: 'The machine is being created' };
  const state = powerState(status, statusMessage);
  return { type: 'Running', status: state.running ? 'True' : 'False', reason: state.reason, message: state.message };
}

/** Addresses of the interfaces: inner ones as soon as they are allocated, outer ones once Google reports them. */
export function interfaceStatus(
  addresses: readonly string[],
  row: CloudResource | undefined,
): NetworkInterfaceStatus[] {
  return addresses.map((networkIP, index) => {
    const externalIP = row?.facts[externalIpFact(index)];
    const networkIPv6 = row?.facts[networkIpv6Fact(index)];
    const externalIPv6 = row?.facts[externalIpv6Fact(index)];
    return {
      assignments: {
        networkIP,
        ...(networkIPv6 ? { networkIPv6 } : {}),
        ...(externalIP ? { externalIP } : {}),
        ...(externalIPv6 ? { externalIPv6 } : {}),
      },
    };
  });
}

/** Addresses that a machine was planned with, by interface. */
export function addressesIn(row: CloudResource, interfaces: number): string[] {
  return Array.from({ length: interfaces }, (_, index) => row.facts[networkIpFact(index)] ?? '').filter(
    (address) => address !== '',
  );
}

/** The boot disk, with an image or image family that is still to be resolved. */
export interface BootDisk {
  readonly source: string;
  readonly sizeGb: number;
  readonly type: string;
  readonly deviceName: string;
}

/** What a machine boots from; a reason when the tables of images know nothing for Google Cloud. */
export function bootDiskOf({ spec }: Instance): BootDisk | Missing {
  const attached = spec.runtime.virtualMachine?.volumeAttachments[0]?.name;
  if (attached === undefined) {
    const source = sandboxImage.sources['gcp'];
    if (source === undefined)
      return { reason: 'InvalidConfiguration', message: 'There is no image for sandboxes in Google Cloud' };
    return { source, sizeGb: sandboxImage.minDiskGib, type: 'pd-standard', deviceName: 'boot' };
  }
  const index = (spec.volumes ?? []).findIndex(({ name }) => name === attached);
  const volume = spec.volumes?.[index];
  const disk = volume?.disk;
  const name = disk?.template.spec.populator?.image?.name ?? '';
  const image = imageOf(name);
  const source = image?.sources['gcp'];
  if (volume === undefined || !disk || image === undefined || source === undefined) {
    return {
      reason: 'InvalidConfiguration',
      message: `Image "${name}" of the boot disk is not available in Google Cloud; known are ${imageNames().join(', ')}`,
    };
  }
  return {
    source,
    sizeGb: diskGib(disk.template.spec),
    type: disk.template.spec.type ?? 'pd-standard',
    deviceName: deviceNameOf(volume, index),
  };
}

/** Google's name of the machine's size; a reason when there is none. */
export function machineTypeOf({ spec }: Instance): string | Missing {
  const name = spec.runtime.resources.instanceType;
  const type = instanceType(name)?.machineTypes['gcp'];
  return (
    type ?? {
      reason: 'InvalidConfiguration',
      message: `Instance type "${name}" is not available in Google Cloud; known are ${instanceTypeNames().join(', ')}`,
    }
  );
}
