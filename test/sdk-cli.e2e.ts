import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from './support/graphql.ts';
import { testGateway, testToken } from './support/gateway.ts';
import { asAdmin } from './support/store.ts';

const main = join(import.meta.dirname, '..', 'sdk', 'cli', 'main.ts');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line of a person with a home of their own, and a product for it. */
async function start() {
  const gateway = await testGateway();
  const home = mkdtempSync(join(tmpdir(), 'datum-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const begin = (args: readonly string[], input = '', env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env['PATH'], HOME: home, ...env },
      cwd: home,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const texts = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
    child.stdin.end(input);
    const ended = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
    return { child, texts, ended };
  };
  const datum = (args: string, input?: string, env?: Record<string, string>): Promise<Outcome> =>
    begin(args.split(' '), input, env).ended;
  const write = (name: string, text: string): void => writeFileSync(join(home, name), text);
  return { begin, datum, gateway, home, write, configFile: join(home, '.config', 'datum', 'config.json') };
}

const network = (mtu: number, name = 'web'): string => `apiVersion: networking.datumapis.com/v1alpha
kind: Network
metadata:
  name: ${name}
  uid: written-by-the-server
spec:
  ipam:
    mode: Auto
  mtu: ${mtu}
status: {}
`;

test('a person logs in, and what is remembered is theirs alone', async () => {
  const { configFile, datum, gateway } = await start();
  const nobody = await datum('get networks');
  expect(nobody).toMatchObject({ code: 2, out: '', err: expect.stringContaining('datum login') });
  const wrong = await datum(`login --url ${gateway.url}`, 'wrong');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('token is not taken') });
  expect(existsSync(configFile)).toBe(false);

  const done = await datum(`login --url ${gateway.url}`, `${testToken}\n`);
  expect(done).toMatchObject({ code: 0, out: '', err: expect.stringContaining(gateway.url) });
  expect(statSync(configFile).mode & 0o777).toBe(0o600);
  expect(done.err).not.toContain(testToken);
  const { out } = await datum('token');
  expect(JSON.parse(out)).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: testToken },
  });
  // Before 1.22 kubectl asks for the beta, and takes nothing else.
  const beta = { apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', spec: {} };
  const old = await datum('token', '', { KUBERNETES_EXEC_INFO: JSON.stringify(beta) });
  expect(JSON.parse(old.out)).toMatchObject({ apiVersion: beta.apiVersion, status: { token: testToken } });
  for (const info of ['{', 'null', '{"apiVersion": "client.authentication.k8s.io/v9"}'])
    expect(await datum('token', '', { KUBERNETES_EXEC_INFO: info })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('KUBERNETES_EXEC_INFO'),
    });
  writeFileSync(configFile, '{"url": 3}');
  expect(await datum('get networks')).toMatchObject({ code: 2, err: expect.stringContaining('log in again') });
});

test('manifests are compared, applied, shown and watched', async () => {
  const { begin, datum: bare, gateway, write } = await start();
  const env = { DATUM_URL: gateway.url, DATUM_TOKEN: testToken };
  const datum = (args: string, input?: string): Promise<Outcome> => bare(args, input, env);
  write(
    'all.yaml',
    `${network(1400)}---\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n`,
  );

  const before = await datum('diff -f all.yaml', '');
  expect(before).toMatchObject({ code: 2, err: expect.stringContaining('other') });
  expect(await datum('apply -f all.yaml --dry-run')).toMatchObject({
    code: 1,
    out: expect.stringContaining('network.networking.datumapis.com/web created (dry run)'),
  });
  expect((await datum('apply -f all.yaml')).out.split('\n')).toEqual([
    'namespace/other created',
    'network.networking.datumapis.com/web created',
    'configmap/a created',
    '',
  ]);
  expect((await datum('apply -f -', network(1400))).out).toBe('network.networking.datumapis.com/web unchanged\n');
  expect(await datum('diff -f all.yaml')).toEqual({ code: 0, out: '', err: '' });
  const different = await datum('diff -f -', network(1500));
  expect(different.code).toBe(1);
  expect(different.out).toContain(
    '--- network.networking.datumapis.com/web\n+++ network.networking.datumapis.com/web\n@@ ',
  );
  expect(different.out).toMatch(/^-  mtu: 1400\n\+  mtu: 1500$/m);
  expect((await datum('diff --fields -f -', network(1500))).out).toContain('spec.mtu: 1400 -> 1500');
  expect((await datum('diff --fields -f -', network(1500, 'new'))).out).toContain('--- /dev/null');

  const table = await datum('get net');
  expect(table.out).toMatch(/^NAME +.*AGE\nweb +.*\d+s\n$/);
  expect((await datum('get configmaps -A')).out).toMatch(/^NAMESPACE +NAME +AGE\nother +a +\d+s\n$/);
  expect((await datum('get networks.networking.datumapis.com web -o name')).out).toBe(
    'network.networking.datumapis.com/web\n',
  );
  expect(JSON.parse((await datum('get Network/web -o json')).out)).toMatchObject({
    kind: 'Network',
    spec: { mtu: 1400 },
  });
  expect((await datum('get networks -o yaml')).out).toMatch(/^apiVersion: v1\nkind: List\nitems:\n/);
  expect(await datum('get networks -l nothing=here')).toMatchObject({
    code: 0,
    out: '',
    err: 'no networks in namespace default\n',
  });
  expect(await datum('get networks none')).toMatchObject({
    code: 2,
    err: 'datum: Network default/none does not exist\n',
  });
  expect(await datum('get nothing')).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no kind nothing'),
  });
  expect(await datum('get networks -o xml')).toMatchObject({ code: 2, err: expect.stringContaining('json, yaml') });
  expect(await datum('get networks --colour')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Usage: datum get'),
  });

  const watching = begin(['watch', 'networks'], '', env);
  await eventually(
    async () => watching.texts.out,
    (out) => /ADDED +web/.test(out),
  );
  await datum('apply -f - --force-conflicts', network(1500));
  await eventually(
    async () => watching.texts.out,
    (out) => /MODIFIED +web/.test(out),
  );
  watching.child.kill('SIGINT');
  expect((await watching.ended).code).toBe(0);
  expect(watching.texts.out).toMatch(/^EVENT +NAME/);
});

test('what is refused is said with its field, and does not keep the others back', async () => {
  const { datum: bare, gateway } = await start();
  const datum = (args: string, input?: string) => bare(args, input, { DATUM_URL: gateway.url, DATUM_TOKEN: testToken });
  const refused = await datum('apply -f -', `${network(5)}---\n${network(1400, 'good')}`);
  expect(refused).toMatchObject({ code: 1, out: 'network.networking.datumapis.com/good created\n' });
  expect(refused.err).toContain('network.networking.datumapis.com/web: ');
  expect(refused.err).toContain('1300');
  await datum('apply -f - --field-manager first', network(1400));
  const taken = await datum('apply -f -', network(1500));
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('--force-conflicts') });
  for (const [input, problem] of [
    ['a: [', 'standard input'],
    ['just text', 'not an object'],
    ['kind: Network', 'no apiVersion'],
    ['apiVersion: v1\nkind: Network\nmetadata: {name: a}', 'networking.datumapis.com/v1alpha, not v1'],
    ['apiVersion: v1\nkind: ConfigMap', 'without metadata.name'],
    ['', 'no manifests'],
  ] as const)
    expect(await datum('apply -f -', input), input).toMatchObject({ code: 2, err: expect.stringContaining(problem) });
  expect(await datum('apply -f nowhere')).toMatchObject({ code: 2, err: 'datum: there is no file nowhere\n' });
});

test('values of secrets are not shown in differences', async () => {
  const { datum: bare, gateway } = await start();
  const datum = (args: string, input?: string) => bare(args, input, { DATUM_URL: gateway.url, DATUM_TOKEN: testToken });
  const secret = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {same: c2FtZQ==, other: ${value}}\n`;
  await datum('apply -f -', secret('b2xkLXNlY3JldA=='));
  const { code, out } = await datum('diff -f -', secret('bmV3LXNlY3JldA=='));
  expect(code).toBe(1);
  expect(out).toMatch(/-  other: "?\*\*\* \(before\)"?\n\+  other: "?\*\*\* \(after\)"?/);
  expect(out).not.toMatch(/b2xk|bmV3|c2Ft/);
});

test('explain-why leads to what is to blame', async () => {
  const { datum: bare, gateway } = await start();
  const datum = (args: string, input?: string) => bare(args, input, { DATUM_URL: gateway.url, DATUM_TOKEN: testToken });
  const { store } = gateway.store;
  const key = { namespace: 'default', name: 'b' };
  await datum('apply -f -', network(1400));
  await datum(
    'apply -f -',
    `apiVersion: networking.datumapis.com/v1alpha\nkind: NetworkBinding\nmetadata: {name: b}\nspec: {network: {name: web}, location: {name: l, namespace: default}}`,
  );
  const failing = (reason: string, message: string) => ({
    status: {
      conditions: [
        { type: 'Ready', status: 'False' as const, reason, message, lastTransitionTime: '2026-11-23T00:00:00Z' },
      ],
    },
  });
  await store.update(
    asAdmin,
    'Network',
    { ...key, name: 'web' },
    (current) => ({ ...current, ...failing('RangeExhausted', 'full') }),
    { subresource: 'status' },
  );
  await store.update(
    asAdmin,
    'NetworkBinding',
    key,
    (current) => ({ ...current, ...failing('NetworkContextNotReady', 'waits') }),
    { subresource: 'status' },
  );
  const { code, out } = await datum('explain-why networkbinding b');
  expect(code).toBe(1);
  expect(out.replaceAll(/, for \w+/g, '')).toBe(`NetworkBinding default/b: Ready is False (NetworkContextNotReady)
│  waits
└─ Network default/web: Ready is False (RangeExhausted)
      full
      To do: Delete subnets that are not needed, ask for smaller ones, or use a network with a larger range.
`);
  expect(JSON.parse((await datum('explain-why networkbinding/b -o json')).out)).toMatchObject({
    causes: [{ object: { name: 'web' } }],
  });
  expect(await datum('explain-why networks none')).toMatchObject({
    code: 2,
    err: expect.stringContaining('does not exist'),
  });
  await store.update(
    asAdmin,
    'Network',
    { ...key, name: 'web' },
    (current) => ({
      ...current,
      status: {
        conditions: [
          { type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime: '2026-11-23T00:00:00Z' },
        ],
      },
    }),
    { subresource: 'status' },
  );
  expect(await datum('explain-why networks web')).toMatchObject({ code: 0, out: 'Network default/web is ready\n' });
});

test('shells complete commands, kinds, names and options', async () => {
  const { begin, datum, gateway } = await start();
  const env = { DATUM_URL: gateway.url, DATUM_TOKEN: testToken };
  await datum('apply -f -', network(1400), env);
  const words = async (...args: string[]) =>
    (await begin(['__complete', ...args], '', env).ended).out.trim().split('\n');
  expect(await words('e')).toEqual(['explain-why']);
  expect(await words('get', 'networkp')).toEqual(['networkpolicies']);
  expect(await words('get', '-n', 'default', 'networks', '')).toEqual(['web']);
  expect(await words('get', 'networks', '--field-s')).toEqual(['--field-selector']);
  expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect((await datum('completion bash')).out).toContain('complete -o default -F _datum datum');
  // As bash does it when somebody types.
  const typed = `datum() { "$NODE" "$MAIN" "$@"; }
    source <(datum completion bash)
    COMP_WORDS=(datum get networks w) COMP_CWORD=3
    _datum
    echo "\${COMPREPLY[@]}"`;
  const bash = await promisify(execFile)('bash', ['-c', typed], {
    env: { ...env, PATH: process.env['PATH'], HOME: tmpdir(), NODE: process.execPath, MAIN: main },
  });
  expect(bash.stdout).toBe('web\n');
  expect(await datum('completion csh')).toMatchObject({ code: 2 });
  const helps = await datum('--help');
  for (const command of ['login', 'token', 'get', 'watch', 'apply', 'diff', 'explain-why', 'completion']) {
    expect(helps.out).toContain(`datum ${command}`);
    expect((await datum(`${command} --help`)).out).toContain(`Usage: datum ${command}`);
  }
  expect(readFileSync(main, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
