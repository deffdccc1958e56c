import { expect, test } from 'vitest';
import { bootReport } from './boot-report.ts';

const containers = ['main', 'side'];
const report = (...lines: string[]) => bootReport(lines.join('\r\n'), containers);

test.each([
  ['datum: giving up; what the machine needs is not there', 'datum: giving up; what the machine needs is not there'],
  [
    '[FAILED] Failed to start Disks, files and secrets of this machine.',
    'Failed to start Disks, files and secrets of this machine.',
  ],
  [
    'kubelet[904]: instance/main: Failed to pull image "x/y": ErrImagePull',
    'container main: Failed to pull image "x/y": ErrImagePull',
  ],
  [
    'kubelet[904]: E1123 16:00:00.1 904 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"side\\" with ImagePullBackOff: \\"Back-off pulling image x\\""',
    'container side: ImagePullBackOff: \\"Back-off pulling image x\\""',
  ],
  [
    '[   12.3] Kernel panic - not syncing: VFS: Unable to mount root fs',
    'Kernel panic - not syncing: VFS: Unable to mount root fs',
  ],
  ['You are in emergency mode. After logging in, type "x"', 'You are in emergency mode. After logging in, type "x"'],
  ['cloud-init[512]: systemctl daemon-reload: exited with status 1', 'systemctl daemon-reload: exited with status 1'],
])('it is quoted what failed: %s', (line, quote) => {
  expect(report('[ 0.1] Linux version 6.6', line, 'host login: ').failures).toEqual([quote]);
});

test('what others write is nothing of ours to quote', () => {
  expect(report('sshd[1]: error: user x failed', 'Failed to start Snap Daemon', 'app: ErrImagePull in a text')).toEqual(
    {
      failures: [],
      troubles: [],
      isUp: false,
    },
  );
});

test('what is over is not told: an earlier boot, and what has been mended since', () => {
  const panic = 'Kernel panic - not syncing: x';
  expect(report(panic, 'SeaBIOS (version 1.8.2-google)', '[ 0.1] Linux version 6.6').failures).toEqual([]);
  const pull = 'kubelet[904]: instance/main: Back-off pulling image "x": ImagePullBackOff';
  const giveUp = 'datum: giving up; what the machine needs is not there';
  expect(report(pull, giveUp, 'datum: everything is there', 'kubelet[904]: instance/main: Started container')).toEqual({
    failures: [],
    troubles: [],
    isUp: false,
  });
  expect(report(pull, 'datum: everything is there', 'datum: all containers run')).toMatchObject({
    failures: [],
    isUp: true,
  });
  expect(report(panic, 'datum: everything is there').failures).toEqual([panic]);
});

test('what is tried again is trouble, and the last of it is told', () => {
  const trouble = (code: number) => `datum: not done yet: HTTP Error ${code}: Forbidden`;
  expect(report(trouble(500), `python3[3]: ${trouble(403)}`)).toMatchObject({ failures: [], troubles: [trouble(403)] });
});

test('nothing secret is quoted, nor more than a line', () => {
  const line = `datum: not done yet: mount https://olga:hunter2@x token=abc.def password: "p w" hunter3 \u001B[31mred${'x'.repeat(400)}`;
  const { troubles } = bootReport(line, [], ['hunter3']);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toContain('//…@x token=… password: … w" … red');
  expect(troubles[0]?.length).toBe(201);
});
