import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Most bytes of one metadata value. */
export const maxUserDataBytes = 262_144;

export interface ConfigMapFiles {
  readonly name: string;
  /** Content of each key in base64. */
  readonly files: Readonly<Record<string, string>>;
  /** Mode of the files, such as 0o644. */
  readonly mode: number;
}

export interface SecretFiles {
  readonly name: string;
  /** Path of the version to read, by number. */
  readonly version: string;
  readonly mode: number;
}

/** What a machine finds when it has booted. */
export interface Guest {
  readonly configMaps: readonly ConfigMapFiles[];
  readonly secrets: readonly SecretFiles[];
  /** Symbolic links to the folders above, for machines; containers mount the folders. */
  readonly links: readonly { readonly target: string; readonly path: string }[];
  /** Manifest of the static pod that the machine's kubelet runs; only for sandboxes. */
  readonly pod?: object;
}

export function configMapFolder(name: string): string {
  return `/etc/configmaps/${name}`;
}

export function secretFolder(name: string): string {
  return `/etc/secrets/content/${name}`;
}

const fetchScript = readFileSync(join(import.meta.dirname, 'fetch-secrets.py'), 'utf8');

const secretsUnit = `[Unit]
Description=Secrets of this machine
Wants=network-online.target
After=network-online.target
Before=kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/python3 /etc/datum/fetch-secrets.py /etc/datum/secrets.json /etc/secrets/content
TimeoutStartSec=1200
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
`;

/** The firewall of the cloud decides who gets through; the image's own would let in nothing but ssh. */
const openUnit = `[Unit]
Description=Leave filtering to the cloud's firewall
Before=kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/iptables -w -P INPUT ACCEPT
ExecStart=/sbin/iptables -w -P FORWARD ACCEPT

[Install]
WantedBy=multi-user.target
`;

/** The pod starts only once its secrets are there. */
const kubeletOrder = `[Unit]
Wants=datum-open.service
After=datum-open.service
`;
const kubeletOrderWithSecrets = `[Unit]
Requires=datum-secrets.service
Wants=datum-open.service
After=datum-secrets.service datum-open.service
`;

interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly permissions: string;
  readonly encoding?: 'b64';
}

/**
 * cloud-init's user data. The same guest always gives the same text, down to the byte: everything is in a fixed order, and
 * JSON is YAML.
 */
export function userData(guest: Guest): string {
  const files = [...configMapFiles(guest), ...secretFiles(guest), ...linkFiles(guest), ...podFiles(guest)];
  const config = { write_files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), runcmd: commands(guest) };
  return `#cloud-config\n${JSON.stringify(config, undefined, 1)}\n`;
}

function configMapFiles({ configMaps }: Guest): WrittenFile[] {
  return configMaps.flatMap(({ name, files, mode }) =>
    Object.entries(files).map(([key, content]): WrittenFile => ({
      path: `${configMapFolder(name)}/${key}`,
      content,
      encoding: 'b64',
      permissions: octal(mode),
    })),
  );
}

function secretFiles({ secrets }: Guest): WrittenFile[] {
  if (secrets.length === 0) return [];
  const list = secrets
    .map(({ name, version, mode }) => ({ name, version, mode }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    { path: '/etc/datum/fetch-secrets.py', content: fetchScript, permissions: '0644' },
    { path: '/etc/datum/secrets.json', content: `${JSON.stringify(list)}\n`, permissions: '0600' },
    { path: '/etc/systemd/system/datum-secrets.service', content: secretsUnit, permissions: '0644' },
  ];
}

function linkFiles({ links }: Guest): WrittenFile[] {
  if (links.length === 0) return [];
  const calls = links.map(({ target, path }) => `link ${quoted(target)} ${quoted(path)}`).toSorted();
  const content = `#!/bin/sh
link() {
  mkdir -p "$1" "$(dirname "$2")"
  if [ -e "$2" ] && [ ! -L "$2" ]; then
    echo "datum: $2 exists; the volume is not linked there" >&2
  else
    ln -sfn "$1" "$2"
  fi
}
${calls.join('\n')}
`;
  return [{ path: '/etc/datum/link-volumes.sh', content, permissions: '0755' }];
}

function podFiles({ pod, secrets }: Guest): WrittenFile[] {
  if (pod === undefined) return [];
  const order = secrets.length === 0 ? kubeletOrder : kubeletOrderWithSecrets;
  return [
    {
      path: '/etc/kubernetes/manifests/instance.yaml',
      content: `${JSON.stringify(pod, undefined, 1)}\n`,
      permissions: '0600',
    },
    { path: '/etc/systemd/system/datum-open.service', content: openUnit, permissions: '0644' },
    { path: '/etc/systemd/system/kubelet.service.d/10-datum.conf', content: order, permissions: '0644' },
  ];
}

function commands({ pod, secrets, links }: Guest): string[][] {
  const units = [
    ...(secrets.length === 0 ? [] : ['datum-secrets.service']),
    ...(pod === undefined ? [] : ['datum-open.service', 'kubelet.service']),
  ];
  return [
    ...(links.length === 0 ? [] : [['sh', '/etc/datum/link-volumes.sh']]),
    ...(units.length === 0
      ? []
      : [
          ['systemctl', 'daemon-reload'],
          ['systemctl', 'enable', ...units],
          ['systemctl', 'start', '--no-block', ...units],
        ]),
  ];
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
