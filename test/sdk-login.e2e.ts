import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { oidcIssuer, testAuthentication } from './support/authentication.ts';
import { eventually } from './support/graphql.ts';
import { testGateway } from './support/gateway.ts';
import { loginProvider } from './support/login-provider.ts';
import { testStore } from './support/store.ts';

const main = join(import.meta.dirname, '..', 'sdk', 'cli', 'main.ts');

/** A product that takes the tokens of an OpenID provider, and a person with a home of their own. */
async function start() {
  const provider = await loginProvider();
  const on = await testStore();
  const { authenticate } = testAuthentication(on, { oidc: [oidcIssuer(provider.issuer, { audiences: ['datum'] })] });
  const gateway = await testGateway({ on, authenticate });
  const home = mkdtempSync(join(tmpdir(), 'datum-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const begin = (...args: string[]) => {
    const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'], HOME: home } });
    onTestFinished(() => void child.kill('SIGKILL'));
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
    child.stdin.end();
    return { texts, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
  };
  const login = (...more: string[]) =>
    begin('login', '--url', gateway.url, '--issuer', provider.issuer, '--client-id', 'datum', '--no-browser', ...more);
  const remembered = () => JSON.parse(readFileSync(join(home, '.config', 'datum', 'config.json'), 'utf8'));
  return { begin, gateway, login, provider, remembered };
}

test('a person logs in by browser; the token is renewed, once by all commands together', async () => {
  const { begin, gateway, login, provider, remembered } = await start();
  const run = login();
  const told = await eventually(
    async () => run.texts.err,
    (err) => err.includes('Log in at '),
  );
  const url = /Log in at (\S+)/.exec(told)?.[1] ?? '';
  // Whoever does not know the state is not listened to.
  const callback = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  callback.search = '?code=stolen&state=guessed';
  expect((await fetch(callback)).status).toBe(400);
  expect(await provider.browse(url)).toContain('You are logged in');
  expect(await run.ended, run.texts.err).toBe(0);
  expect(run.texts.err).toContain(`oidc:ann is logged in at ${gateway.url}`);
  const first = remembered();
  expect(first.login).toMatchObject({ type: 'oidc', issuer: provider.issuer, clientId: 'datum' });

  const both = [begin('token'), begin('token')];
  expect(await Promise.all(both.map(({ ended }) => ended)), both[0]?.texts.err).toEqual([0, 0]);
  const second = remembered();
  // The tokens may be equal: a provider signs the same claims in the same second alike. Each refresh token counts once.
  expect(second.login.refreshToken).not.toBe(first.login.refreshToken);
  // A command that begins when the other has ended finds a token that ends soon, as all do here, and renews it once more.
  const credentials = both.map(({ texts }) => JSON.parse(texts.out));
  const credential = credentials.find(({ status }) => status.token === second.login.token);
  expect(credential).toMatchObject({
    kind: 'ExecCredential',
    status: { expirationTimestamp: expect.stringMatching(/^\S+:\d\dZ$/) },
  });
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential.status.token}` },
    body: JSON.stringify({ query: '{ viewer { user } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { user: 'oidc:ann' } } });
});

test('a person logs in by a browser of another machine', async () => {
  const { login, provider, remembered } = await start();
  const run = login('--device');
  const told = await eventually(
    async () => run.texts.err,
    (err) => err.includes('give the code'),
  );
  const [, url = '', code = ''] = /Open (\S+) and give the code (\S+)/.exec(told) ?? [];
  expect(code).toMatch(/\w/);
  await provider.browse(url);
  expect(await run.ended, run.texts.err).toBe(0);
  expect(remembered().login.refreshToken).toBeTypeOf('string');
});

test('what is wrong with a login is said in a line', async () => {
  const { begin, gateway, provider } = await start();
  const fails = async (...args: string[]): Promise<string> => {
    const run = begin('login', ...args);
    expect(await run.ended).toBe(2);
    return run.texts.err;
  };
  expect(await fails()).toContain('--url');
  expect(await fails('--url', gateway.url, '--issuer', provider.issuer)).toContain('--client-id');
  expect(await fails('--url', gateway.url, '--issuer', 'http://127.0.0.1:1', '--client-id', 'x')).toContain(
    'does not answer',
  );
  expect(await fails('--url', gateway.url, '--issuer', `${provider.issuer}/`, '--client-id', 'x')).toContain(
    'speaks for',
  );
  const unknown = await fails('--url', gateway.url, '--issuer', provider.issuer, '--client-id', 'x', '--device');
  expect(unknown).toContain('the OpenID provider refuses');
});
