import type { Resource } from '../../kinds/object.ts';
import type { Place } from '../../store/types.ts';

/** What a credential rests on; when any of it goes, so does the credential. */
export interface Ground {
  /** SHA-256 by which it can be revoked, in base64url. */
  readonly fingerprint: string;
  /** Objects that must stay. */
  readonly objects: readonly GroundObject[];
}

/** An object that a credential rests on. */
export interface GroundObject {
  readonly project: string;
  readonly place: Place;
  /** An object of the same name that was made later is another one. */
  readonly uid: string;
  /** What else must be true of it. */
  readonly holds?: (object: Resource) => boolean;
}

/** Whether an object that was read is still the one that a credential rests on. */
export function isStill({ uid, holds }: GroundObject, object: Resource | undefined): boolean {
  if (object === undefined || object.metadata.uid !== uid) return false;
  return object.metadata.deletionTimestamp === undefined && (holds?.(object) ?? true);
}
