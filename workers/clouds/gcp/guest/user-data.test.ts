import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { podManifest } from './pod.ts';
import { type Guest, userData } from './user-data.ts';

const run = promisify(execFile);
const empty: Guest = { configMaps: [], secrets: [], links: [] };

interface CloudConfig {
  readonly write_files: readonly {
    readonly path: string;
    readonly content: string;
    readonly permissions: string;
    readonly encoding?: string;
  }[];
  readonly runcmd: readonly (readonly string[])[];
}

function config(guest: Guest): CloudConfig {
  const text = userData(guest);
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  return parse(text) as CloudConfig;
}

function file(guest: Guest, path: string) {
  const found = config(guest).write_files.find((one) => one.path === path);
  expect(found, path).toBeDefined();
  return found;
}

test('the same guest gives the same text, whatever the order it comes in', () => {
  const maps = [
    { name: 'a', files: { x: 'eA==', y: 'eQ==' }, mode: 0o644 },
    { name: 'b', files: { z: 'eg==' }, mode: 0o600 },
  ];
  const secrets = [
    { name: 's', version: 'projects/p/secrets/s/versions/1', mode: 0o400 },
    { name: 't', version: 'projects/p/secrets/t/versions/2', mode: 0o400 },
  ];
  const one = userData({ ...empty, configMaps: maps, secrets });
  expect(
    userData({
      ...empty,
      configMaps: maps
        .toReversed()
        .map((map) => ({ ...map, files: Object.fromEntries(Object.entries(map.files).toReversed()) })),
      secrets: secrets.toReversed(),
    }),
  ).toBe(one);
});

test('config maps are files with their mode, byte for byte', () => {
  const guest = {
    ...empty,
    configMaps: [{ name: 'web', files: { motd: Buffer.from('hello\n').toString('base64') }, mode: 0o640 }],
  };
  expect(file(guest, '/etc/configmaps/web/motd')).toEqual({
    path: '/etc/configmaps/web/motd',
    content: 'aGVsbG8K',
    encoding: 'b64',
    permissions: '0640',
  });
});

test('a secret is a version to fetch, never a value, and the pod waits for it', () => {
  const guest: Guest = {
    ...empty,
    secrets: [{ name: 'web', version: 'projects/p/secrets/s/versions/3', mode: 0o400 }],
    pod: { kind: 'Pod' },
  };
  expect(JSON.parse(file(guest, '/etc/datum/secrets.json')?.content ?? '')).toEqual([
    { name: 'web', version: 'projects/p/secrets/s/versions/3', mode: 256 },
  ]);
  expect(file(guest, '/etc/systemd/system/kubelet.service.d/10-datum.conf')?.content).toContain(
    'Requires=datum-secrets.service',
  );
  expect(config(guest).runcmd.at(-1)).toEqual([
    'systemctl',
    'start',
    '--no-block',
    'datum-secrets.service',
    'datum-open.service',
    'kubelet.service',
  ]);
  expect(file({ ...empty, pod: {} }, '/etc/systemd/system/kubelet.service.d/10-datum.conf')?.content).not.toContain(
    'datum-secrets',
  );
});

test('a machine without volumes has nothing to do', () =>
  expect(config(empty)).toEqual({ write_files: [], runcmd: [] }));

test('volumes are linked where they are mounted, whatever the path, and nothing is overwritten', async () => {
  const folder = await temporaryFolder();
  const target = join(folder, "odd 'name'");
  const link = join(folder, "deep/$(touch oops)/it's");
  const taken = join(folder, 'taken');
  await writeFile(taken, 'mine');
  const script =
    file(
      {
        ...empty,
        links: [
          { target, path: link },
          { target, path: taken },
        ],
      },
      '/etc/datum/link-volumes.sh',
    )?.content ?? '';
  for (let boot = 0; boot < 2; boot += 1) await run('sh', ['-c', script], { cwd: folder });
  await writeFile(join(target, 'key'), 'value');
  expect(await readFile(join(link, 'key'), 'utf8')).toBe('value');
  expect(await readFile(taken, 'utf8')).toBe('mine');
  expect((await readdir(folder)).toSorted()).toEqual(['deep', "odd 'name'", 'taken']);
});

test('the pod has containers, values, ports and mounts, and no value that comes from elsewhere', () => {
  const pod = podManifest(
    [
      {
        name: 'proxy',
        image: 'docker.io/library/nginx:1.29',
        env: [{ name: 'A', value: 'b' }, { name: 'EMPTY' }, { name: 'FROM', valueFrom: { secretKeyRef: {} } }],
        ports: [{ name: 'http', port: 8000 }],
        volumeAttachments: [{ name: 'config', mountPath: '/etc/proxy' }],
      },
    ],
    [
      { name: 'config', configMap: 'edge-proxy' },
      { name: 'unused', secret: 'x' },
    ],
  );
  expect(pod).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'instance', namespace: 'default' },
    spec: {
      hostNetwork: true,
      dnsPolicy: 'Default',
      restartPolicy: 'Always',
      containers: [
        {
          name: 'proxy',
          image: 'docker.io/library/nginx:1.29',
          env: [
            { name: 'A', value: 'b' },
            { name: 'EMPTY', value: '' },
          ],
          ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }],
          volumeMounts: [{ name: 'config', mountPath: '/etc/proxy', readOnly: true }],
        },
      ],
      volumes: [{ name: 'config', hostPath: { path: '/etc/configmaps/edge-proxy', type: 'DirectoryOrCreate' } }],
    },
  });
});

/** Metadata server and Secret Manager in one; the first answers refuse, as they do until a grant is known everywhere. */
async function cloud(payload: object, refusals: number) {
  const seen: string[] = [];
  let left = refusals;
  const server = createServer((request, response) => {
    seen.push(
      `${request.method} ${request.url} ${request.headers.authorization ?? request.headers['metadata-flavor']}`,
    );
    request.resume();
    if (request.url?.endsWith('/token')) return response.end(JSON.stringify({ access_token: 'T' }));
    if (request.url?.endsWith(':access')) {
      if (left-- > 0) return response.writeHead(403).end('{}');
      const data = Buffer.from(JSON.stringify(payload)).toString('base64');
      return response.end(JSON.stringify({ payload: { data } }));
    }
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, env: { ...process.env, DATUM_METADATA_URL: url, DATUM_SECRETS_URL: url, DATUM_PAUSE_SECS: '0.01' } };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'datum-guest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const script = join(import.meta.dirname, 'fetch-secrets.py');
const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

// The images that it runs on have Python; a test machine need not.
test.skipIf(!hasPython)(
  'secrets are fetched with patience, byte for byte, readable by root only, and old keys go',
  async () => {
    const folder = await temporaryFolder();
    const bytes = Buffer.from([0, 255, 10, 128]);
    const { seen, env } = await cloud(
      { password: Buffer.from('hunter2\n').toString('base64'), raw: bytes.toString('base64') },
      3,
    );
    await writeFile(
      join(folder, 'secrets.json'),
      JSON.stringify([{ name: 'web', version: 'projects/p/secrets/s/versions/3', mode: 0o400 }]),
    );
    const root = join(folder, 'content');
    const { stdout, stderr } = await run('python3', [script, join(folder, 'secrets.json'), root], { env });
    expect(await readFile(join(root, 'web/password'), 'utf8')).toBe('hunter2\n');
    expect(await readFile(join(root, 'web/raw'))).toEqual(bytes);
    expect((await stat(join(root, 'web/password'))).mode & 0o777).toBe(0o400);
    expect(seen.filter((call) => call === 'GET /projects/p/secrets/s/versions/3:access Bearer T')).toHaveLength(4);
    expect(seen.at(-1)).toBe('PUT /instance/guest-attributes/datum/secrets Google');
    expect(stdout + stderr).not.toContain('hunter2');

    await writeFile(join(root, 'web/old'), '');
    await run('python3', [script, join(folder, 'secrets.json'), root], { env });
    expect((await readdir(join(root, 'web'))).toSorted()).toEqual(['password', 'raw']);
  },
);

test.skipIf(!hasPython)('fetching gives up in the end, and a key cannot leave its folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'secrets.json'), JSON.stringify([{ name: 'web', version: 'v', mode: 0o400 }]));
  const never = await cloud({}, 1_000);
  const late = run('python3', [script, join(folder, 'secrets.json'), folder], {
    env: { ...never.env, DATUM_DEADLINE_SECS: '0.1' },
  });
  await expect(late).rejects.toThrow(/giving up on v/);
  const bad = await cloud({ '../oops': '' }, 0);
  await expect(run('python3', [script, join(folder, 'secrets.json'), folder], { env: bad.env })).rejects.toThrow(
    /cannot be a file name/,
  );
});
