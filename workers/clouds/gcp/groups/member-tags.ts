import type { GcpClient } from '../client.ts';
import { type CloudRef, type Progress, zoneOf } from '../cloud-object.ts';
import { isPolicyTag } from '../names.ts';
import { progressOf } from '../operations.ts';

/**
 * Gives a machine of a group the tags of its policies beside those of its template, and takes away those of other policies.
 * Nothing is sent where it has them. Throws GcpError.
 */
export async function setPolicyTags(
  { compute }: GcpClient,
  ref: CloudRef,
  tags: readonly string[],
  requestId: string,
): Promise<Progress> {
  const place = { project: ref.account, zone: zoneOf(ref), instance: ref.name };
  const { data } = await compute.instances.get({ ...place, fields: 'tags' });
  const present = data.tags?.items ?? [];
  const items = [...present.filter((tag) => !isPolicyTag(tag)), ...tags];
  if (items.toSorted().join() === present.toSorted().join()) return { done: true };
  const requestBody = { items, fingerprint: data.tags?.fingerprint ?? null };
  return progressOf((await compute.instances.setTags({ ...place, requestId, requestBody })).data);
}
