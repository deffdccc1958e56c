import { createHash } from 'node:crypto';
import { decrypt, encrypt, keyBytes } from './cipher.ts';
import type { KeyProvider } from './key-provider.ts';

const boundTo = 'datum data key';

/** Provider of keys that this process holds, each of 32 bytes: the first wraps, all unwrap. */
export function localKeys(keys: readonly Buffer[]): KeyProvider {
  const [first] = keys;
  if (first === undefined) throw new Error('there is no secret key');
  const wrong = keys.find((key) => key.length !== keyBytes);
  if (wrong !== undefined) throw new Error(`a secret key must have ${keyBytes} bytes, not ${wrong.length}`);
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  return {
    id: 'local',
    wrap: async (dataKey) => ({ wrapped: encrypt(first, dataKey, boundTo), keyId: idOf(first) }),
    async unwrap(wrapped, keyId) {
      const key = byId.get(keyId);
      if (key === undefined) throw new Error(`the secret key ${keyId} is not among those that are given`);
      return decrypt(key, wrapped, boundTo);
    },
    bareKeys: keys,
  };
}

/** What names a key without telling anything of it. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('datum key id\n').update(key).digest('hex').slice(0, 16);
}
