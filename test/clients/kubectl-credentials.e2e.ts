import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { findShortStoryKubectls } from './support/clients.ts';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { type Server, serverOfFile, startServer, stopServer } from './support/server.ts';

const server = serverOfFile({ DATUM_ROLES: 'gateway,subgraph,kubernetes,worker,dispatcher,emulator' });
const versions = findShortStoryKubectls();

it('some kubectl is here', (context) => {
  context.skip(versions.length === 0, 'no kubectl.<minor> on the path, and kubectl-1.20 is not installed');
});

/** A kubeconfig of one user; answers its path. */
function kubeconfig({ folder }: Kubectl, { url, ca }: Pick<Server, 'url' | 'ca'>, user: object): string {
  const file = join(folder, 'config-of-one');
  const cluster = { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    'current-context': 'x',
  };
  writeFileSync(file, stringify(config));
  return file;
}

describe.each(versions)('kubectl 1.$minor', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('asks for a token of a service account, and is that with it', async (context) => {
    context.skip(program.minor < 24, 'kubectl learned to ask for tokens with 1.24');
    const k = await kubectl();
    await k.ok('create serviceaccount robot');
    const token = (await k.ok('create token robot --duration 20m --audience https://datum.internal')).trim();
    expect(decodeJwt(token)).toMatchObject({ sub: `system:serviceaccount:${k.namespace}:robot` });
    const asRobot = { env: { KUBECONFIG: kubeconfig(k, server(), { token }) } };
    // The review that tells who one is has version 1 since 1.28.
    if (program.minor >= 28) {
      const told = await k.ok('auth whoami -o yaml', asRobot);
      expect(told).toContain(`username: system:serviceaccount:${k.namespace}:robot`);
    }
    expect(await k.fails('get configmaps', asRobot)).toContain(
      `User "system:serviceaccount:${k.namespace}:robot" cannot list`,
    );
    expect(await k.ok('create token robot --duration 5m').catch(String)).toContain('10 minutes');
    await k.ok('create secret generic s');
    const bound = await k.ok('create token robot --bound-object-kind Secret --bound-object-name s');
    expect(decodeJwt(bound.trim())).toMatchObject({ 'kubernetes.io': { secret: { name: 's' } } });
    await k.ok('delete serviceaccount robot');
    await expect
      .poll(() => k.run('get configmaps', asRobot).then(({ stderr }) => stderr), { timeout: 5000 })
      .toMatch(/Unauthorized|logged in/);
  });

  it('reads the key of a service account from a Secret', async () => {
    const k = await kubectl();
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } };
    const key = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
      type: 'kubernetes.io/service-account-token',
    };
    await k.ok('apply -f -', { input: [account, key].map((each) => stringify(each)).join('---\n') });
    const read = async (): Promise<Record<string, string>> =>
      (parse(await k.ok('get secret key -o yaml')) as { data?: Record<string, string> }).data ?? {};
    await expect
      .poll(async () => Object.keys(await read()), { timeout: 60_000 })
      .toEqual(['ca.crt', 'namespace', 'token']);
    const data = await read();
    const plain = (name: string): string => Buffer.from(data[name] ?? '', 'base64').toString();
    const config = kubeconfig(k, { url: server().url, ca: plain('ca.crt') }, { token: plain('token') });
    // It has no rights, but is known: 403 and not 401.
    expect(await k.fails('get configmaps', { env: { KUBECONFIG: config } })).toContain(
      `User "system:serviceaccount:${plain('namespace')}:robot" cannot list resource "configmaps"`,
    );
    expect(await k.ok('apply -f -', { input: JSON.stringify(key) })).toContain('secret/key unchanged');
  });

  it('gets its credential from a plug-in', async () => {
    const k = await kubectl();
    const script = join(k.folder, 'plug-in');
    // Version 1 came with 1.22.
    const apiVersion = `client.authentication.k8s.io/v1${program.minor < 22 ? 'beta1' : ''}`;
    const say = (token: string): void => {
      const credential = JSON.stringify({ apiVersion, kind: 'ExecCredential', status: { token } });
      writeFileSync(script, `#!/bin/sh\ncat <<'E'\n${credential}\nE\n`);
      chmodSync(script, 0o755);
    };
    const exec = { apiVersion, command: script, interactiveMode: 'Never', provideClusterInfo: true };
    const asPlugin = { env: { KUBECONFIG: kubeconfig(k, server(), { exec }) } };
    say(server().token);
    expect(await k.ok('get namespace default -o name', asPlugin)).toBe('namespace/default\n');
    say('none of ours');
    expect(await k.fails('get namespace default', asPlugin)).toMatch(/Unauthorized|logged in/);
  });

  it('gets its credential from the command line of the SDK', async () => {
    const k = await kubectl();
    const main = join(import.meta.dirname, '..', '..', 'sdk', 'cli', 'main.ts');
    const env = { DATUM_CONFIG: join(k.folder, 'datum.json') };
    const login = promisify(execFile)(process.execPath, [main, 'login', '--url', server().ready.graphql ?? ''], {
      env,
    });
    login.child.stdin?.end(server().token);
    await login;
    const exec = {
      apiVersion: `client.authentication.k8s.io/v1${program.minor < 22 ? 'beta1' : ''}`,
      command: process.execPath,
      args: [main, 'token'],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      interactiveMode: 'Never',
    };
    const asPlugin = { env: { KUBECONFIG: kubeconfig(k, server(), { exec }) } };
    expect(await k.ok('get namespace default -o name', asPlugin)).toBe('namespace/default\n');
  });
});

it('a token that was taken back is refused by every process within five seconds', async () => {
  const { ready, call, launched } = server();
  const second = await startServer({
    DATUM_ROLES: 'kubernetes',
    DATABASE_URL: ready.database,
    DATUM_TOKEN: server().token,
    DATUM_SECRET_KEY: readFileSync(join(launched.dataDir, 'secret.key'), 'utf8').trim(),
  });
  onTestFinished(() => stopServer(second));
  const path = '/api/v1/namespaces/default/serviceaccounts';
  await call({ method: 'POST', path, body: { metadata: { name: 'shared' } } });
  const { body } = await second.call({ method: 'POST', path: `${path}/shared/token`, body: { spec: {} } });
  const headers = { authorization: `Bearer ${body.status.token as string}` };
  const known = (at: Server) => at.call({ path, headers }).then(({ status }) => status);
  // Signed by one process, known to the other.
  expect([await known(server()), await known(second)]).toEqual([403, 403]);
  const started = performance.now();
  await call({ method: 'DELETE', path: `${path}/shared` });
  await Promise.all(
    [server(), second].map((at) => expect.poll(() => known(at), { timeout: 5000, interval: 100 }).toBe(401)),
  );
  expect(performance.now() - started).toBeLessThan(5000);
});
