import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Guest, guestDocument } from './document.ts';
import { podManifest } from './pod.ts';
import { userData } from './user-data.ts';

const empty: Guest = { disks: [], configMaps: [], secrets: [], variableVersions: [], links: [] };

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

function config(runtime: 'sandbox' | 'virtualMachine'): CloudConfig {
  const text = userData(runtime);
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  return parse(text) as CloudConfig;
}

test('gap 17: the same guest gives the same text, whatever the order it comes in', () => {
  const guest: Guest = {
    disks: [
      { device: 'volume-1', path: '/b', sizeGb: 10 },
      { device: 'volume-0', path: '/a', sizeGb: 12 },
    ],
    configMaps: [
      { folder: '/etc/configmaps/b', mode: 0o600, content: { z: 'eg==' } },
      { folder: '/etc/configmaps/a', mode: 0o644, content: { y: 'eQ==', x: 'eA==' } },
    ],
    secrets: [
      { folder: '/etc/secrets/content/t', version: 'projects/p/secrets/t/versions/2', mode: 0o400 },
      { folder: '/etc/secrets/content/s', version: 'projects/p/secrets/s/versions/1', mode: 0o400 },
    ],
    variableVersions: ['projects/p/secrets/s/versions/1'],
    links: [{ target: '/etc/configmaps/b', path: '/etc/b' }],
  };
  const turned: Guest = {
    links: guest.links,
    variableVersions: guest.variableVersions,
    secrets: guest.secrets.toReversed(),
    configMaps: guest.configMaps
      .toReversed()
      .map((map) =>
        'content' in map ? { ...map, content: Object.fromEntries(Object.entries(map.content).toReversed()) } : map,
      ),
    disks: guest.disks.toReversed(),
  };
  expect(guestDocument(turned)).toBe(guestDocument(guest));
  expect(guestDocument(guest)).toMatchInlineSnapshot(
    `"{"configMaps":[{"content":{"x":"eA==","y":"eQ=="},"folder":"/etc/configmaps/a","mode":420},{"content":{"z":"eg=="},"folder":"/etc/configmaps/b","mode":384}],"disks":[{"device":"volume-0","path":"/a","sizeGb":12},{"device":"volume-1","path":"/b","sizeGb":10}],"hash":"wometaukrwdugp33","links":[{"path":"/etc/b","target":"/etc/configmaps/b"}],"secrets":[{"folder":"/etc/secrets/content/s","mode":256,"version":"projects/p/secrets/s/versions/1"},{"folder":"/etc/secrets/content/t","mode":256,"version":"projects/p/secrets/t/versions/2"}],"versions":["projects/p/secrets/s/versions/1","projects/p/secrets/t/versions/2"]}"`,
  );
});

test('gap 14: what the pod needs is there before the kubelet starts, and the pod itself comes last', () => {
  const { write_files: files, runcmd } = config('sandbox');
  const order = files.find(({ path }) => path.endsWith('kubelet.service.d/10-datum.conf'))?.content;
  expect(order).toContain('Requires=datum-boot.service');
  expect(order).toContain('After=datum-boot.service');
  expect(files.map(({ path }) => path)).not.toContain('/etc/kubernetes/manifests/instance.yaml');
  expect(runcmd.at(-1)).toEqual([
    'systemctl',
    'start',
    '--no-block',
    'datum-boot.service',
    'datum-open.service',
    'kubelet.service',
    'datum-watch.service',
  ]);
  expect(config('virtualMachine').write_files.some(({ path }) => path.includes('kubelet'))).toBe(false);
});

test('what a machine is to be like changes its hash, and nothing else does', () => {
  const hashOf = (guest: Guest) => (JSON.parse(guestDocument(guest)) as { hash: string }).hash;
  const pod = podManifest([{ name: 'main', image: 'docker.io/library/nginx:1.29' }], []);
  expect(hashOf({ ...empty, pod })).toBe(hashOf({ ...empty, pod: structuredClone(pod) }));
  expect(hashOf({ ...empty, pod })).not.toBe(hashOf(empty));
});

test('the pod has containers, values, ports and mounts, and of secrets only where they are', () => {
  const pod = podManifest(
    [
      {
        name: 'proxy',
        image: 'docker.io/library/nginx:1.29',
        env: [
          { name: 'A', value: 'b' },
          { name: 'FROM', fromSecret: { version: 'projects/p/secrets/s/versions/1', key: 'k' } },
        ],
        ports: [{ name: 'http', port: 8000 }],
        volumeAttachments: [
          { name: 'config', mountPath: '/etc/proxy' },
          { name: 'data', mountPath: '/data' },
        ],
      },
    ],
    [
      { name: 'config', folder: '/etc/configmaps/edge-proxy', readOnly: true },
      { name: 'data', folder: '/mnt/disks/datum-data', readOnly: false },
      { name: 'unused', folder: '/x', readOnly: true },
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
            { name: 'FROM', fromSecret: { version: 'projects/p/secrets/s/versions/1', key: 'k' } },
          ],
          ports: [{ name: 'http', containerPort: 8000, protocol: 'TCP' }],
          volumeMounts: [
            { name: 'config', mountPath: '/etc/proxy', readOnly: true },
            { name: 'data', mountPath: '/data', readOnly: false },
          ],
        },
      ],
      volumes: [
        { name: 'config', hostPath: { path: '/etc/configmaps/edge-proxy', type: 'DirectoryOrCreate' } },
        { name: 'data', hostPath: { path: '/mnt/disks/datum-data', type: 'DirectoryOrCreate' } },
      ],
    },
  });
});
