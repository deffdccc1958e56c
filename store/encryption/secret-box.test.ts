import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { createPool } from '../pool.ts';
import { addDataKey } from './data-keys.ts';
import type { KeyProvider } from './key-provider.ts';
import { localKeys } from './local-keys.ts';
import { type BoxTimes, boxTimes, type OpenBox, openSecretBox } from './secret-box.ts';

const place = { to: 'default/Secret/ns/s/uid/data/password', before: 'uid/data/password' };

async function database() {
  const pool = createPool({ url: await testDatabase(), max: 4 });
  onTestFinished(() => pool.end());
  const open = async (providers: readonly KeyProvider[], times: Partial<BoxTimes> = {}): Promise<OpenBox> => {
    const box = await openSecretBox(pool, providers, { times: { ...boxTimes, ...times } });
    onTestFinished(() => box.close());
    return box;
  };
  return { pool, open };
}

test('what one process seals another opens, at the same place only', async () => {
  const { open } = await database();
  const key = randomBytes(32);
  // Both are the first: one makes the keys, the other takes them.
  const [one, other] = await Promise.all([open([localKeys([key])]), open([localKeys([key])])]);
  const sealed = one.seal('correct horse', place);
  expect(sealed).toMatch(/^enc:v2:[\w-]{11}:[A-Za-z0-9+/=]+$/);
  expect(sealed).not.toBe(one.seal('correct horse', place));
  expect(other.open(sealed, place)).toBe('correct horse');
  expect(one.hash('x')).toEqual(other.hash('x'));
  expect(one.hash('x')).not.toEqual(one.hash('y'));
  expect(() => other.open(sealed, { ...place, to: place.to.replace('ns', 'other') })).toThrow();
  const flipped = sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2);
  expect(() => other.open(flipped, place)).toThrow();
  expect(() => other.open('plain', place)).toThrow('not an encrypted value');
  expect(() => other.open(sealed.slice(0, 30), place)).toThrow();
});

test('several keys: the first wraps, all unwrap; another is refused at the start', async () => {
  const { pool, open } = await database();
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const sealed = (await open([localKeys([old])])).seal('v', place);
  const both = await open([localKeys([fresh, old])]);
  expect(both.open(sealed, place)).toBe('v');
  await expect(openSecretBox(pool, [localKeys([fresh])])).rejects.toThrow(
    /cannot be unwrapped: the secret key \w+ is not among/,
  );
});

test('values from before data keys open with whichever secret key sealed them', async () => {
  const { open } = await database();
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', old, iv).setAAD(Buffer.from(place.before));
  const bytes = Buffer.concat([iv, cipher.update('long ago'), cipher.final(), cipher.getAuthTag()]);
  const sealed = `enc:v1:${bytes.toString('base64')}`;
  const box = await open([localKeys([fresh, old])]);
  expect(box.open(sealed, place)).toBe('long ago');
  expect(() => box.open(sealed, { ...place, before: 'uid/data/other' })).toThrow('does not open');
});

test('a provider that answers later, and fails at times, is asked for keys and never for values', async () => {
  const { open } = await database();
  const master = localKeys([randomBytes(32)]);
  let asked = 0;
  let isDown = false;
  const service: KeyProvider = {
    id: 'service',
    async wrap(dataKey) {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return master.wrap(dataKey);
    },
    async unwrap(wrapped, keyId) {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (isDown) throw new Error('the service is down');
      return master.unwrap(wrapped, keyId);
    },
  };
  const box = await open([service], { refreshEveryMs: 10 });
  const sealed = Array.from({ length: 100 }, (_, n) => box.seal(`value ${n}`, place));
  expect(sealed.map((each) => box.open(each, place))).toHaveLength(100);
  // Two keys were made and unwrapped.
  expect(asked).toBe(4);
  isDown = true;
  await box.refresh();
  expect(box.open(sealed[0] ?? '', place)).toBe('value 0');
  await expect(open([service])).rejects.toThrow('the service is down');
  isDown = false;
  expect((await open([service])).open(sealed[1] ?? '', place)).toBe('value 1');
});

test('a data key seals for its time; the next is known to all before it seals', async () => {
  const { open } = await database();
  const keys = [localKeys([randomBytes(32)])];
  const times = { epochMs: 0, switchMs: 300, refreshEveryMs: 20 };
  const [one, other] = [await open(keys, times), await open(keys, { ...times, epochMs: 1e9 })];
  const first = one.sealingKey();
  const sealed = one.seal('v', place);
  await expect.poll(() => one.sealingKey(), { timeout: 5000 }).not.toBe(first);
  const next = one.seal('w', place);
  expect(other.open(next, place)).toBe('w');
  expect(other.open(sealed, place)).toBe('v');
});

test('a process that has not read the keys for long seals nothing', async () => {
  const { open } = await database();
  const box = await open([localKeys([randomBytes(32)])], { staleMs: -1, refreshEveryMs: 100_000 });
  expect(() => box.seal('v', place)).toThrow(expect.objectContaining({ code: 'Unavailable' }));
});

test('a process without the newest key writes no secrets with an older one', async () => {
  const { pool, open } = await database();
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const box = await open([localKeys([old])]);
  const sealed = box.seal('v', place);
  await addDataKey(pool, localKeys([fresh, old]), { purpose: 'seal', after: box.sealingKey(), startsInMs: 0 });
  await box.refresh();
  expect(() => box.seal('w', place)).toThrow(/cannot be written now: the secret key \w+ is not among/);
  expect(box.open(sealed, place)).toBe('v');
  const other = await open([localKeys([fresh, old])]);
  expect(() => box.open(other.seal('w', place), place)).toThrow('is not among');
});
