import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const prefix = 'enc:v1:';
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts values at rest, AES-256-GCM; what a value belongs to is bound into it, so it cannot be moved elsewhere. */
export interface SecretBox {
  seal(plain: string, boundTo: string): string;
  /** Throws when the key is wrong, or the value was changed or moved. */
  open(sealed: string, boundTo: string): string;
  /** Keyed hash, for comparing inputs that may hold secrets. */
  hash(text: string): Buffer;
}

/** `key` has 32 bytes. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) throw new Error(`the secret key must have 32 bytes, not ${key.length}`);
  return {
    seal(plain, boundTo) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return prefix + sealed.toString('base64');
    },
    open(sealed, boundTo) {
      if (!sealed.startsWith(prefix)) throw new Error('not an encrypted value');
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(-tagBytes));
      return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
    hash: (text) => createHmac('sha256', key).update(text).digest(),
  };
}
