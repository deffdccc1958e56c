import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openAuthentication } from '../access/open-authentication.ts';
import { credentialsIn } from '../store/credentials/credentials.ts';
import { testStore } from '../test/support/store.ts';

const main = join(import.meta.dirname, 'main.ts');

async function command(
  url: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly out: string; readonly error: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out: out.trim(), error: error.trim() };
}

test('tokens are made, listed and taken back by command', { timeout: 60_000 }, async () => {
  const store = await testStore();
  const authentication = openAuthentication({
    ...credentialsIn(store.pool, store.box),
    store: store.store,
    adminToken: 'not-used-in-this-test',
    issuer: 'https://datum.test',
    oidc: [],
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => authentication.close());
  const who = (token: string) => authentication.authenticate(`Bearer ${token}`);

  const made = await command(store.url, [
    'token',
    'create',
    '--user',
    'ci',
    '--group',
    'builders',
    '--note',
    'pipeline',
  ]);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^datum_[\w-]{49}$/) });
  const [, id = ''] = /^Token (\w+) of ci/.exec(made.error) ?? [];
  expect(await who(made.out)).toMatchObject({ user: 'ci', groups: ['builders', 'system:authenticated'] });
  const { rows } = await store.pool.query<{ text: string }>('select row_to_json(t)::text as text from access_token t');
  expect(rows[0]?.text).not.toContain(made.out.slice(6, 40));

  expect((await command(store.url, ['token', 'list'])).out).toMatch(new RegExp(`${id} +ci +builders .*pipeline`));
  expect(await command(store.url, ['token', 'revoke', id])).toMatchObject({ code: 0, out: `revoked ${id}` });
  await expect.poll(() => who(made.out), { timeout: 5000 }).toBeUndefined();
  expect((await command(store.url, ['token', 'list'])).out).toContain('revoked');

  const second = await command(store.url, ['token', 'create', '--user', 'ci', '--expires', 'never']);
  expect(await command(store.url, ['token', 'revoke', '-'], `${second.out}\n`)).toMatchObject({ code: 0 });
  expect(await who(second.out)).toBeUndefined();

  for (const bad of [
    ['token'],
    ['token', 'create'],
    ['token', 'create', '--user', 'system:admin'],
    ['token', 'create', '--user', 'u', '--group', 'system:serviceaccounts'],
    ['token', 'create', '--user', 'u', '--expires', 'soon'],
    ['token', 'create', '--user', 'u', '--what', 'x'],
    ['token', 'revoke', 'nothing'],
    ['tokens'],
  ]) {
    const { code, out, error } = await command(store.url, bad);
    expect({ bad, code, out }).toEqual({ bad, code: 1, out: '' });
    expect(error, bad.join(' ')).toMatch(/^datum: /);
  }
});
