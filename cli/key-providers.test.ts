import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { openSecretBox } from '../store/encryption/secret-box.ts';
import { createPool } from '../store/pool.ts';
import { testDatabase } from '../test/support/database.ts';
import { openDataDir } from './data-dir.ts';
import { keyProviders } from './key-providers.ts';

const example = join(import.meta.dirname, '..', 'examples', 'key-provider.ts');
const place = { to: 'here', before: 'here' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'datum-keys-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** As much of a transit engine as wraps and unwraps, with one key that never leaves it. */
async function transit(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const key = randomBytes(32);
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { plaintext?: string; ciphertext?: string };
    asked.push(request.url ?? '');
    if (request.headers['x-vault-token'] !== 'the token') return void response.writeHead(403).end();
    const data: Record<string, string> = {};
    if (body.plaintext !== undefined) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = [iv, cipher.update(body.plaintext, 'base64'), cipher.final(), cipher.getAuthTag()];
      data['ciphertext'] = `vault:v1:${Buffer.concat(sealed).toString('base64')}`;
    } else {
      const bytes = Buffer.from(body.ciphertext?.split(':')[2] ?? '', 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16));
      data['plaintext'] = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString(
        'base64',
      );
    }
    response.end(JSON.stringify({ data }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const settings = (env: Record<string, string>) => readConfig(env);

test('keys of a file come before those of the environment, and the one of the data directory last', async () => {
  const path = folder();
  const dataDir = openDataDir(join(path, 'data'), false);
  const [inFile, inEnvironment] = [randomBytes(32), randomBytes(32)];
  writeFileSync(join(path, 'keys'), `${inFile.toString('base64')}\n`);
  expect((await keyProviders(settings({}), dataDir))[0]?.bareKeys).toEqual([dataDir.secretKey(false)]);
  const config = settings({
    DATUM_SECRET_KEY: inEnvironment.toString('base64'),
    DATUM_SECRET_KEY_FILE: join(path, 'keys'),
  });
  const [local, ...others] = await keyProviders(config, dataDir);
  expect(local?.bareKeys).toEqual([inFile, inEnvironment, dataDir.secretKey(false)]);
  expect(others).toEqual([]);
  const fresh = openDataDir(join(path, 'other'), false);
  expect((await keyProviders(config, fresh))[0]?.bareKeys).toEqual([inFile, inEnvironment]);
  expect(fresh.secretKey(false)).toBeUndefined();
});

test('settings that hold no keys are refused', () => {
  const path = folder();
  writeFileSync(join(path, 'empty'), '\n');
  for (const env of [
    { DATUM_SECRET_KEY: 'short' },
    { DATUM_SECRET_KEY: `${randomBytes(32).toString('base64')},x` },
    { DATUM_SECRET_KEY_FILE: join(path, 'missing') },
    { DATUM_SECRET_KEY_FILE: join(path, 'empty') },
  ])
    expect(() => settings(env), JSON.stringify(env)).toThrow(/DATUM_SECRET_KEY/);
});

test('a key management service wraps the keys, and what was wrapped before still opens', async () => {
  const { url, asked } = await transit();
  vi.stubEnv('VAULT_ADDR', url);
  vi.stubEnv('VAULT_TOKEN', 'the token');
  onTestFinished(() => void vi.unstubAllEnvs());
  const pool = createPool({ url: await testDatabase(), max: 2 });
  onTestFinished(() => pool.end());
  const dataDir = openDataDir(join(folder(), 'data'), false);
  const before = await openSecretBox(pool, await keyProviders(settings({}), dataDir));
  const sealed = before.seal('v', place);
  await before.close();

  const providers = await keyProviders(settings({ DATUM_KEY_PROVIDER: example }), dataDir);
  expect(providers.map(({ id }) => id)).toEqual(['vault-transit', 'local']);
  const box = await openSecretBox(pool, providers);
  expect(box.open(sealed, place)).toBe('v');
  expect(asked).toEqual([]);
  await box.close();

  const { rotateSecrets } = await import('../store/encryption/rotate.ts');
  const times = { refreshEveryMs: 10, switchMs: 10, staleMs: 60_000, epochMs: 1e12 };
  const rotating = await openSecretBox(pool, providers, { times });
  onTestFinished(() => rotating.close());
  await rotateSecrets({ pool, box: rotating, kinds: [], providers }, () => {}, { switchMs: 10, retireMs: 0 });
  expect(new Set(asked)).toEqual(new Set(['/v1/transit/encrypt/datum', '/v1/transit/decrypt/datum']));
  const { rows } = await pool.query<{ provider: string }>('select distinct provider from data_key');
  expect(rows).toEqual([{ provider: 'vault-transit' }]);
  const withoutLocal = await openSecretBox(pool, providers.slice(0, 1));
  onTestFinished(() => withoutLocal.close());
  expect(withoutLocal.open(rotating.seal('w', place), place)).toBe('w');
});

test('a module that provides nothing is refused', async () => {
  const path = folder();
  const dataDir = openDataDir(join(path, 'data'), false);
  writeFileSync(join(path, 'none.mjs'), 'export const keyProvider = { id: "x" };');
  for (const module of [join(path, 'none.mjs'), join(path, 'missing.mjs')])
    await expect(keyProviders(settings({ DATUM_KEY_PROVIDER: module }), dataDir)).rejects.toThrow(/DATUM_KEY_PROVIDER/);
});
