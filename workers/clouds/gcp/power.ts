import type { GcpClient } from './client.ts';
import { type CloudRef, type Progress, zoneOf } from './cloud-object.ts';
import { progressOf } from './operations.ts';

/** Starts, stops, suspends, resumes or resets a machine. Throws GcpError. */
export async function changePower(
  { compute }: GcpClient,
  ref: CloudRef,
  verb: 'start' | 'stop' | 'suspend' | 'resume' | 'reset',
  requestId: string,
): Promise<Progress> {
  const call = { project: ref.account, zone: zoneOf(ref), instance: ref.name, requestId };
  return progressOf((await compute.instances[verb](call)).data);
}
