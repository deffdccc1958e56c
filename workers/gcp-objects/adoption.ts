import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Observation } from '../clouds/gcp/cloud-object.ts';

/** Fact of an object that somebody else made and that its owner took over: id of its incarnation. */
const adoptedFact = 'adopted';

/**
 * Whether an object in the cloud is the row's: marked so, or taken over. The marker of many types cannot be changed after
 * they were made, so that it is only written down here which one was taken over; one that was made anew since is not ours.
 */
export function isOurs(
  { ownerUid, facts }: Pick<CloudResource, 'ownerUid' | 'facts'>,
  { marker, targetId }: Pick<Observation, 'marker' | 'targetId'>,
): boolean {
  return marker?.ownerUid === ownerUid || (marker === undefined && targetId !== '' && facts[adoptedFact] === targetId);
}

/** The fact that makes an object ours; undefined where it carries the marker of another owner, who may still look after it. */
export function adoption({
  marker,
  targetId,
}: Pick<Observation, 'marker' | 'targetId'>): Readonly<Record<string, string>> | undefined {
  return marker === undefined && targetId !== '' ? { [adoptedFact]: targetId } : undefined;
}
