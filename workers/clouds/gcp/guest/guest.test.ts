import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Guest, guestDocument } from './document.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'guest.py');
const empty: Guest = { disks: [], configMaps: [], secrets: [], variableVersions: [], links: [] };
const version = (number: number) => `projects/p/secrets/s/versions/${number}`;
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

/** Metadata server and Secret Manager in one. Secrets can be refused first, as they are until a grant is known everywhere. */
async function machine(
  start: Guest,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
  refusals = 0,
  packed: Readonly<Record<string, string>> = {},
) {
  const seen: string[] = [];
  let [left, text, etag] = [refusals, guestDocument(start), 1];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    seen.push(
      `${request.method} ${url.pathname} ${request.headers.authorization ?? request.headers['metadata-flavor']}`,
    );
    request.resume();
    if (url.pathname.endsWith('/attributes/datum-guest')) {
      const answer = () => {
        waiting.delete(answer);
        response.setHeader('etag', String(etag)).end(text);
      };
      if (url.searchParams.get('last_etag') === String(etag)) waiting.add(answer);
      else answer();
    } else if (url.pathname.endsWith('/token')) response.end(JSON.stringify({ access_token: 'T' }));
    else if (packed[url.pathname.slice(1, -':access'.length)] !== undefined)
      response.end(JSON.stringify({ payload: { data: packed[url.pathname.slice(1, -':access'.length)] } }));
    else if (url.pathname.endsWith(':access')) {
      const payload = secrets[url.pathname.slice(1, -':access'.length)];
      if (left-- > 0 || payload === undefined) response.writeHead(403).end('{}');
      else response.end(JSON.stringify({ payload: { data: base64(JSON.stringify(payload)) } }));
    } else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const root = await mkdtemp(join(tmpdir(), 'datum-guest-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const env = {
    ...process.env,
    DATUM_METADATA_URL: url,
    DATUM_SECRETS_URL: url,
    DATUM_PAUSE_SECS: '0.01',
    DATUM_ROOT: root,
  };
  return {
    seen,
    root,
    env,
    boot: (more: Record<string, string> = {}) => run('python3', [script, 'boot'], { env: { ...env, ...more } }),
    /** Answers what it has said so far. */
    watch(more: Record<string, string> = {}) {
      const child = spawn('python3', [script, 'watch'], {
        env: { ...env, ...more },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      onTestFinished(() => void child.kill());
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      return () => said;
    },
    become(guest: Guest) {
      text = guestDocument(guest);
      etag += 1;
      for (const answer of waiting) answer();
    },
    read: (path: string) => readFile(join(root, path), 'utf8').catch(() => undefined),
  };
}

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

// The images that it runs on have Python; a test machine need not.
describe.skipIf(!hasPython)('the program of a machine', () => {
  const secret = { folder: '/etc/secrets/content/web', version: version(3), mode: 0o400 };

  test('gap 13: secrets are fetched with patience, byte for byte, readable by root only, and that is told', async () => {
    const bytes = Buffer.from([0, 255, 10, 128]);
    const payload = { password: base64('hunter2\n'), raw: base64(bytes) };
    const { seen, root, boot } = await machine({ ...empty, secrets: [secret] }, { [version(3)]: payload }, 3);
    const { stdout, stderr } = await boot();
    const folder = join(root, 'etc/secrets/content/web');
    expect(await readFile(join(folder, 'password'), 'utf8')).toBe('hunter2\n');
    expect(await readFile(join(folder, 'raw'))).toEqual(bytes);
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o400);
    expect(seen.filter((call) => call === `GET /${version(3)}:access Bearer T`)).toHaveLength(4);
    expect(seen).toContain('PUT /instance/guest-attributes/datum/secrets Google');
    expect(seen.at(-1)).toBe('PUT /instance/guest-attributes/datum/applied Google');
    expect(stdout + stderr).not.toContain('hunter2');
    await writeFile(join(folder, 'old'), '');
    await boot();
    expect((await readdir(folder)).toSorted()).toEqual(['password', 'raw']);
  });

  test('it gives up in the end, which is told too, and has ten minutes at least before', async () => {
    const { seen, boot } = await machine({ ...empty, secrets: [secret] }, {});
    await expect(boot({ DATUM_DEADLINE_SECS: '0.1' })).rejects.toThrow(/giving up/);
    expect(seen).toContain('PUT /instance/guest-attributes/datum/secrets Google');
    expect(Number(/DEADLINE_SECS", "(\d+)"/.exec(await readFile(script, 'utf8'))?.[1])).toBeGreaterThanOrEqual(600);
  });

  test.each(['../oops', '/etc/passwd', 'a/../../b', '.', 'a//b'])('a key cannot leave its folder: %s', async (key) => {
    const { root, boot } = await machine({ ...empty, secrets: [secret] }, { [version(3)]: { [key]: '' } });
    await expect(boot()).rejects.toThrow(/cannot be a file name/);
    expect(await readdir(join(root, 'etc/secrets/content'))).toEqual(['web']);
    expect(await readdir(join(root, 'etc/secrets/content/web'))).toEqual([]);
  });

  test('items choose keys, paths and modes', async () => {
    const items = [{ key: 'tls', path: 'certs/tls.pem', mode: 0o440 }];
    const configMaps = [{ folder: '/etc/configmaps/c~v', mode: 0o644, items, content: { tls: base64('T'), no: '' } }];
    const { root, boot } = await machine({ ...empty, configMaps }, {});
    await boot();
    const folder = join(root, 'etc/configmaps/c~v');
    expect(await readdir(folder)).toEqual(['certs']);
    expect(await readFile(join(folder, 'certs/tls.pem'), 'utf8')).toBe('T');
    expect((await stat(join(folder, 'certs/tls.pem'))).mode & 0o777).toBe(0o440);
  });

  test('the pod comes after its secrets, with the values of its variables, for root only', async () => {
    const env = [{ name: 'PASSWORD', fromSecret: { version: version(3), key: 'password' } }];
    const pod = { kind: 'Pod', spec: { containers: [{ name: 'main', env }] } };
    const guest = { ...empty, variableVersions: [version(3)], pod };
    const { root, boot, read } = await machine(guest, { [version(3)]: { password: base64('hunter2') } });
    await boot();
    const manifest = 'etc/kubernetes/manifests/instance.yaml';
    expect(JSON.parse((await read(manifest)) ?? '')).toEqual({
      kind: 'Pod',
      spec: { containers: [{ name: 'main', env: [{ name: 'PASSWORD', value: 'hunter2' }] }] },
    });
    expect((await stat(join(root, manifest))).mode & 0o777).toBe(0o600);

    const never = await machine(guest, {});
    await expect(never.boot({ DATUM_DEADLINE_SECS: '0.1' })).rejects.toThrow(/giving up/);
    expect(await never.read(manifest)).toBeUndefined();
  });

  test('gap 11: a running machine takes a new version, other files and another pod when it is told', async () => {
    const secrets = { [version(3)]: { password: base64('one') }, [version(4)]: { password: base64('two') } };
    const configMaps = [{ folder: '/etc/configmaps/c', mode: 0o644, content: { a: base64('1'), b: base64('1') } }];
    const { boot, watch, become, read } = await machine({ ...empty, secrets: [secret], configMaps }, secrets);
    await boot();
    watch();
    expect(await read('etc/secrets/content/web/password')).toBe('one');
    become({
      ...empty,
      secrets: [{ ...secret, version: version(4) }],
      configMaps: [{ folder: '/etc/configmaps/c', mode: 0o644, content: { a: base64('2') } }],
      pod: { kind: 'Pod', spec: { containers: [] } },
    });
    await expect.poll(() => read('etc/secrets/content/web/password'), { timeout: 60_000 }).toBe('two');
    await expect.poll(() => read('etc/configmaps/c/a'), { timeout: 60_000 }).toBe('2');
    await expect.poll(() => read('etc/configmaps/c/b'), { timeout: 60_000 }).toBeUndefined();
    await expect.poll(() => read('etc/kubernetes/manifests/instance.yaml'), { timeout: 60_000 }).toContain('Pod');
    // A version that cannot be read leaves what is there.
    become({ ...empty, secrets: [{ ...secret, version: version(5) }] });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await read('etc/secrets/content/web/password')).toBe('two');
    become(empty);
    await expect.poll(() => read('etc/secrets/content/web/password'), { timeout: 60_000 }).toBeUndefined();
  });

  test('a config map that is too large for metadata is put together from its parts', async () => {
    const text = gzipSync(JSON.stringify({ a: base64('one'), b: base64(Buffer.from([0, 255])) }));
    const parts = [version(1), version(2)];
    const packed = { [version(1)]: base64(text.subarray(0, 9)), [version(2)]: base64(text.subarray(9)) };
    const configMaps = [{ folder: '/etc/configmaps/large', mode: 0o644, parts }];
    const { root, boot } = await machine({ ...empty, configMaps }, {}, 0, packed);
    await boot();
    const folder = join(root, 'etc/configmaps/large');
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('one');
    expect(await readFile(join(folder, 'b'))).toEqual(Buffer.from([0, 255]));
  });

  test('images are pulled with what the secrets hold, for root only, as long as they are named', async () => {
    const auth = (user: string) => ({ auth: base64(user) });
    const secrets = {
      [version(1)]: { '.dockerconfigjson': base64(JSON.stringify({ auths: { 'a.io': auth('first') } })) },
      [version(2)]: { '.dockercfg': base64(JSON.stringify({ 'a.io': auth('second'), 'b.io': auth('third') })) },
      [version(3)]: { '.dockerconfigjson': base64('["hunter2"]') },
    };
    const keys = ['.dockerconfigjson', '.dockercfg', '.dockerconfigjson'] as const;
    const pullSecrets = keys.map((key, index) => ({ version: version(index + 1), key }));
    const pod = { kind: 'Pod', spec: { containers: [] } };
    const { root, boot, watch, become, read } = await machine({ ...empty, pullSecrets, pod }, secrets);
    const { stderr } = await boot();
    expect(stderr).toContain('is not as docker writes it');
    expect(stderr).not.toContain('hunter2');
    const path = 'var/lib/kubelet/config.json';
    expect(JSON.parse((await read(path)) ?? '')).toEqual({ auths: { 'a.io': auth('first'), 'b.io': auth('third') } });
    expect((await stat(join(root, path))).mode & 0o777).toBe(0o600);
    watch();
    become({ ...empty, pod });
    await expect.poll(() => read(path), { timeout: 60_000 }).toBeUndefined();
  });

  test('it is told once that all containers run, as far as the machine can tell', async () => {
    const withPod = (names: string[], round: string): Guest => ({
      ...empty,
      configMaps: [{ folder: '/etc/configmaps/round', mode: 0o644, content: { round: base64(round) } }],
      pod: { kind: 'Pod', spec: { containers: names.map((name) => ({ name })) } },
    });
    const { root, watch, become, read } = await machine(withPod(['main', 'side'], '1'), {});
    const tools = join(root, 'tools');
    await mkdir(tools);
    const running = (...names: string[]) =>
      writeFile(join(root, 'ps'), JSON.stringify({ containers: names.map((name) => ({ metadata: { name } })) }));
    await running('main');
    await writeFile(join(tools, 'crictl'), `#!/bin/sh\necho asked >> ${root}/asked\ncat ${root}/ps\n`);
    await chmod(join(tools, 'crictl'), 0o755);
    const said = watch({ PATH: `${tools}:${process.env['PATH']}` });
    const asked = async () => (await read('asked'))?.split('\n').length ?? 0;
    await expect.poll(asked, { timeout: 60_000 }).toBe(2);
    expect(said()).not.toContain('all containers run');
    await running('main', 'side');
    become(withPod(['main', 'side'], '2'));
    await expect
      .poll(said, { timeout: 60_000 })
      .toMatch(/datum: everything is there\n(.*\n)*datum: all containers run\n/);
  });

  test('volumes are linked where they are mounted, whatever the path, and nothing is overwritten', async () => {
    const links = [
      { target: "/odd 'name'", path: "/deep/$(touch oops)/it's" },
      { target: '/x', path: '/taken' },
    ];
    const { root, boot, read } = await machine({ ...empty, links }, {});
    await writeFile(join(root, 'taken'), 'mine');
    for (let boots = 0; boots < 2; boots += 1) await boot();
    expect(await readlink(join(root, "deep/$(touch oops)/it's"))).toBe(join(root, "odd 'name'"));
    expect(await read('taken')).toBe('mine');
    expect((await readdir(root)).toSorted()).toEqual(['deep', 'taken', 'var']);
  });

  test('a blank disk gets its file system once it is attached, is mounted, and is filled when it has grown', async () => {
    const disks = [{ device: 'data', path: '/mnt/data', sizeGb: 10 }];
    const { root, boot } = await machine({ ...empty, disks }, {});
    const tools = join(root, 'tools');
    await mkdir(tools);
    for (const tool of ['blkid', 'mkfs.ext4', 'mount', 'resize2fs']) {
      const status =
        tool === 'blkid' ? `[ -e ${root}/made ] || exit 2` : tool === 'mkfs.ext4' ? `touch ${root}/made` : '';
      await writeFile(join(tools, tool), `#!/bin/sh\necho ${tool} "$@" >> ${root}/calls\n${status}\n`);
      await chmod(join(tools, tool), 0o755);
    }
    const path = `${tools}:${process.env['PATH']}`;
    await expect(boot({ PATH: path, DATUM_DEADLINE_SECS: '0.1' })).rejects.toThrow(/disk data is not attached yet/);
    const device = join(root, 'dev/disk/by-id/google-data');
    await mkdir(join(device, '..'), { recursive: true });
    await writeFile(device, '');
    await boot({ PATH: path });
    await boot({ PATH: path });
    const first = [`blkid ${device}`, `mkfs.ext4 -q -F ${device}`, `mount ${device} ${root}/mnt/data`];
    const second = [`blkid ${device}`, `mount ${device} ${root}/mnt/data`];
    const calls = (await readFile(join(root, 'calls'), 'utf8')).trim().split('\n');
    expect(calls).toEqual([...first, `resize2fs ${device}`, ...second, `resize2fs ${device}`]);
  });
});
