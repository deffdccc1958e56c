import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Length of keys in bytes. */
export const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce: nonce, ciphertext, tag. `boundTo` must be the same to decrypt. */
export function encrypt(key: Buffer, plain: string | Buffer, boundTo: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(boundTo));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key is another, or the bytes were changed, or are bound to something else. */
export function decrypt(key: Buffer, sealed: Buffer, boundTo: string): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw new Error('an encrypted value is cut short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()]);
}
