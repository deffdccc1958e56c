/** What a sealed value belongs to: it opens nowhere else. */
export interface Binding {
  readonly to: string;
  /** What values from before there were data keys are bound to. */
  readonly before: string;
}

const prefix = 'enc:v2:';
/** Of values that are sealed with a secret key itself. */
const barePrefix = 'enc:v1:';

/** A value as it is stored: which data key sealed it, and the sealed bytes; no key for one sealed with a secret key itself. */
export interface SealedValue {
  readonly keyId: string | undefined;
  readonly bytes: Buffer;
}

/** Text form of a sealed value. */
export function writeSealed(keyId: string, bytes: Buffer): string {
  return `${prefix}${keyId}:${bytes.toString('base64')}`;
}

/** Throws for a text that is none. */
export function readSealed(text: string): SealedValue {
  if (text.startsWith(barePrefix))
    return { keyId: undefined, bytes: Buffer.from(text.slice(barePrefix.length), 'base64') };
  const end = text.indexOf(':', prefix.length);
  if (!text.startsWith(prefix) || end === -1) throw new Error('not an encrypted value');
  return { keyId: text.slice(prefix.length, end), bytes: Buffer.from(text.slice(end + 1), 'base64') };
}

/** Whether a text that is stored is a sealed value. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix) || text.startsWith(barePrefix);
}

/** Pattern of SQL's `like` for texts in which something is sealed with a data key. */
export function sealedWithPattern(keyId: string): string {
  return `%${prefix}${keyId.replaceAll('_', '\\_')}:%`;
}
