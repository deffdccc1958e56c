import { createHash } from 'node:crypto';

/** Longest name of an object. */
const maxLength = 253;
const hashDigits = 8;

/**
 * Name of an object that a controller makes for an owner: `full` as it is, or, when that is over 253 characters, its
 * beginning with `-` and 8 hex digits. The same owner and name always give the same answer.
 */
export function ownedName(full: string, ownerUid: string): string {
  return full.length <= maxLength ? full : hashedName(full, ownerUid);
}

/** The name to take instead when an object of another owner holds `ownedName`. */
export function hashedName(full: string, ownerUid: string): string {
  const hash = createHash('sha256').update(`${ownerUid}/${full}`).digest('hex').slice(0, hashDigits);
  // A name may not hold "-" after "." or "." before "-": the cut can leave either at its end.
  const beginning = full.slice(0, maxLength - hashDigits - 1).replace(/[-.]+$/, '');
  return `${beginning}-${hash}`;
}
