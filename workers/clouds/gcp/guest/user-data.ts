import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const script = readFileSync(join(import.meta.dirname, 'guest.py'), 'utf8');

/** What goes wrong is read from the serial console, by the provider and by who may see it. */
const toConsole = `StandardOutput=journal+console
StandardError=journal+console`;

/** What the machine needs is there before anything that uses it starts. */
const bootUnit = `[Unit]
Description=Disks, files and secrets of this machine
Wants=network-online.target
After=network-online.target
Before=kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/python3 /etc/datum/guest.py boot
TimeoutStartSec=1200
${toConsole}
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
`;

const watchUnit = `[Unit]
Description=Changes of this machine's files, secrets and containers
Requires=datum-boot.service
After=datum-boot.service

[Service]
ExecStart=/usr/bin/python3 /etc/datum/guest.py watch
${toConsole}
Restart=always
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

/** The pod starts only once its disks, files and secrets are there. */
const kubeletOrder = `[Unit]
Requires=datum-boot.service
Wants=datum-open.service
After=datum-boot.service datum-open.service

[Service]
${toConsole}
`;

interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly permissions: string;
}

/**
 * cloud-init's user data: the program that keeps the machine as its metadata says, and the units that run it. It is the
 * same for all sandboxes and for all virtual machines, so that what changes reaches a machine while it runs.
 */
export function userData(runtime: 'sandbox' | 'virtualMachine'): string {
  const isSandbox = runtime === 'sandbox';
  const files: WrittenFile[] = [
    { path: '/etc/datum/guest.py', content: script, permissions: '0644' },
    unit('datum-boot', bootUnit),
    ...(isSandbox ? [unit('datum-open', openUnit)] : []),
    unit('datum-watch', watchUnit),
    ...(isSandbox
      ? [
          {
            path: '/etc/systemd/system/kubelet.service.d/10-datum.conf',
            content: kubeletOrder,
            permissions: '0644',
          },
        ]
      : []),
  ];
  const units = [
    'datum-boot.service',
    ...(isSandbox ? ['datum-open.service', 'kubelet.service'] : []),
    'datum-watch.service',
  ];
  const config = {
    write_files: files,
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', ...units],
      ['systemctl', 'start', '--no-block', ...units],
    ],
  };
  return `#cloud-config\n${JSON.stringify(config, undefined, 1)}\n`;
}

function unit(name: string, content: string): WrittenFile {
  return { path: `/etc/systemd/system/${name}.service`, content, permissions: '0644' };
}
