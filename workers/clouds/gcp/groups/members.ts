import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { GcpClient } from '../client.ts';
import { type CloudRef, type Progress, zoneOf } from '../cloud-object.ts';
import { operationFault } from '../classify.ts';
import { restingStates } from '../instances.ts';
import type { Fault } from '../errors.ts';
import { existing, progressOf } from '../operations.ts';
import { nameIn } from '../references.ts';

/** A machine as its group sees it. */
export interface Member {
  readonly name: string;
  /** What calls that name it take. */
  readonly url: string;
  /** False until there is a machine of the name. */
  readonly exists: boolean;
  readonly template: string;
  /** It is on its way out of the group. */
  readonly leaving: boolean;
  readonly running: boolean;
  /** Its state is no passing one. */
  readonly settled: boolean;
  /** Why the last try to make it failed. */
  readonly fault: Fault | undefined;
}

/** A group with all its machines. */
export interface GroupView {
  readonly size: number;
  /** All machines are there and have booted, with the templates that they should have, and nothing is done to any. */
  readonly atRest: boolean;
  /** Names of the templates that it makes machines of. */
  readonly templates: readonly string[];
  readonly members: readonly Member[];
}

/** Reads a group and all its machines; undefined when there is no such group. Throws GcpError. */
export async function readGroup({ compute }: GcpClient, ref: CloudRef): Promise<GroupView | undefined> {
  const place = { project: ref.account, zone: zoneOf(ref), instanceGroupManager: ref.name };
  const manager = await existing(() =>
    compute.instanceGroupManagers.get({
      ...place,
      fields: 'targetSize,status(isStable,versionTarget),versions/instanceTemplate',
    }),
  );
  if (manager === undefined) return undefined;
  const members: Member[] = [];
  let pageToken: string | undefined;
  do {
    const { data } = await compute.instanceGroupManagers.listManagedInstances({
      ...place,
      maxResults: 500,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    members.push(...(data.managedInstances ?? []).flatMap(memberOf));
    pageToken = data.nextPageToken || undefined;
  } while (pageToken !== undefined);
  const { targetSize, status, versions = [] } = manager;
  return {
    size: targetSize ?? 0,
    // A group calls itself stable while machines of it still boot.
    atRest:
      status?.isStable === true && status.versionTarget?.isReached !== false && members.every(({ settled }) => settled),
    templates: versions.map(({ instanceTemplate }) => nameIn(instanceTemplate ?? '')),
    members,
  };
}

function memberOf(managed: compute_v1.Schema$ManagedInstance): Member[] {
  const { instance, id, currentAction = 'NONE', instanceStatus, version, lastAttempt } = managed;
  if (!instance) return [];
  const error = lastAttempt?.errors?.errors?.[0];
  return [
    {
      name: nameIn(instance),
      url: instance,
      exists: Boolean(id) && id !== '0',
      template: nameIn(version?.instanceTemplate ?? ''),
      leaving: currentAction === 'DELETING' || currentAction === 'ABANDONING',
      running: instanceStatus === 'RUNNING',
      settled: !instanceStatus || restingStates.has(instanceStatus),
      fault: error === undefined ? undefined : operationFault(error),
    },
  ];
}

/** Sets how many machines a group has; it chooses itself which come and go. */
export async function resizeGroup(
  { compute }: GcpClient,
  ref: CloudRef,
  size: number,
  requestId: string,
): Promise<Progress> {
  const place = { project: ref.account, zone: zoneOf(ref), instanceGroupManager: ref.name };
  return progressOf((await compute.instanceGroupManagers.resize({ ...place, size, requestId })).data);
}

/** Takes these machines out of a group, which is so much smaller then; at most 1,000. */
export async function removeMembers(
  { compute }: GcpClient,
  ref: CloudRef,
  urls: readonly string[],
  requestId: string,
): Promise<Progress> {
  const place = { project: ref.account, zone: zoneOf(ref), instanceGroupManager: ref.name };
  const requestBody = { instances: [...urls], skipInstancesOnValidationError: true };
  return progressOf((await compute.instanceGroupManagers.deleteInstances({ ...place, requestId, requestBody })).data);
}
