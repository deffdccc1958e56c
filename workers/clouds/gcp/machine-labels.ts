/** Label of the hash of a machine's metadata, which is too large to be read of every machine. */
export const metadataHashLabel = 'metadata-hash';
/** Label of the hash of what a machine's boot disk was made from, which cannot be read from the machine. */
export const bootHashLabel = 'boot-hash';

/** Keys of the metadata that we write; whoever adds another, as for logging in, keeps it. */
export const metadataKeys = {
  userData: 'user-data',
  guestAttributes: 'enable-guest-attributes',
  sshKeys: 'ssh-keys',
  guest: 'datum-guest',
} as const;

export function isOwnMetadata(key: string): boolean {
  return (Object.values(metadataKeys) as string[]).includes(key);
}
