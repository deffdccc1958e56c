import { type CloudConfig, readUserData } from './cloud-config.ts';
import { containersOf } from './containers.ts';
import { startedUnits } from './units.ts';

/** What a machine boots with. */
export interface GuestSetup {
  readonly hostname: string;
  readonly userData: string | undefined;
  readonly startupScript: string | undefined;
  /** Other texts of its metadata that may hold the manifest of a pod. */
  readonly pods?: readonly string[];
  /** Parts of commands that fail, and images that cannot be pulled. */
  readonly failingCommands: readonly string[];
  readonly failingImages: readonly string[];
}

/** A line of the serial console, and how long after the start of the boot it appears. */
export interface LogLine {
  readonly afterMs: number;
  readonly text: string;
}

/** What the serial console shows of one boot. The same setup always gives the same lines. */
export function bootLog(setup: GuestSetup, bootedAt: string): readonly LogLine[] {
  const lines: LogLine[] = [];
  let afterMs = 0;
  const say = (text: string, lastsMs = 40) => lines.push({ afterMs: (afterMs += lastsMs), text });
  const kernel = (text: string) => say(`[${(afterMs / 1_000).toFixed(6).padStart(12)}] ${text}`, 60);

  say('SeaBIOS (version 1.8.2-google)', 0);
  say('Booting from Hard Disk 0...');
  kernel('Linux version 6.6.0 (emulated) #1 SMP PREEMPT_DYNAMIC');
  kernel('Command line: BOOT_IMAGE=/boot/vmlinuz console=ttyS0,115200');
  kernel('systemd[1]: Detected virtualization google.');
  kernel(`systemd[1]: Hostname set to <${setup.hostname}>.`);
  const config = readUserData(setup.userData ?? '');
  sayCloudInit(config, setup, bootedAt, say);
  if (setup.startupScript !== undefined) sayStartupScript(setup, say);
  const failed = sayUnits(config, setup, say);
  if (!failed.has('kubelet.service')) sayContainers(config, setup, say);
  say(`${setup.hostname} login: `);
  return lines;
}

type Say = (text: string, lastsMs?: number) => void;

function sayCloudInit({ files, commands, problems }: CloudConfig, setup: GuestSetup, bootedAt: string, say: Say): void {
  const cloudInit = (text: string) => say(`cloud-init[512]: ${text}`, 120);
  cloudInit(`Cloud-init v. 24.1 running 'init' at ${bootedAt}. Up 4.20 seconds.`);
  for (const problem of problems) cloudInit(`[WARNING]: ${problem}`);
  for (const { path, content, mode } of files) cloudInit(`Writing to ${path} - wb: [${mode}] ${content.length} bytes`);
  let failed = 0;
  for (const command of commands) {
    const shown = command.split('\n')[0] ?? '';
    cloudInit(`+ ${shown}`);
    if (setup.failingCommands.some((part) => command.includes(part))) {
      failed += 1;
      cloudInit(`${shown}: exited with status 1`);
    }
  }
  if (failed > 0)
    cloudInit('[WARNING]: Failed to run module scripts_user (scripts in /var/lib/cloud/instance/scripts)');
  cloudInit(`Cloud-init v. 24.1 finished at ${bootedAt}. Datasource DataSourceGCE. Up 9.70 seconds`);
}

function sayStartupScript(setup: GuestSetup, say: Say): void {
  const script = setup.startupScript ?? '';
  const failed = setup.failingCommands.some((part) => script.includes(part));
  say('google_metadata_script_runner[700]: startup-script: running', 200);
  say(`google_metadata_script_runner[700]: startup-script exit status ${failed ? 1 : 0}`, 200);
}

/** What systemd shows of the units that were started; answers the names of those that were not. */
function sayUnits(config: CloudConfig, setup: GuestSetup, say: Say): ReadonlySet<string> {
  const failed = new Set<string>();
  for (const { name, description, endsBySelf, commands, requires } of startedUnits(config)) {
    const lacks = requires.some((one) => failed.has(one));
    const fails = commands.some((command) => setup.failingCommands.some((part) => command.includes(part)));
    if (lacks || fails) failed.add(name);
    if (lacks) say(`[DEPEND] Dependency failed for ${description}.`, 60);
    else if (fails) say(`[FAILED] Failed to start ${description}.`, 60);
    else say(`[  OK  ] ${endsBySelf ? 'Finished' : 'Started'} ${description}.`, 60);
  }
  return failed;
}

function sayContainers(config: CloudConfig, setup: GuestSetup, say: Say): void {
  for (const { pod, name, image } of containersOf(config, setup.pods)) {
    const kubelet = (text: string) => say(`kubelet[904]: ${pod}/${name}: ${text}`, 300);
    kubelet(`Pulling image "${image}"`);
    if (setup.failingImages.includes(image)) {
      kubelet(`Failed to pull image "${image}": ErrImagePull`);
      kubelet(`Back-off pulling image "${image}": ImagePullBackOff`);
    } else {
      kubelet(`Successfully pulled image "${image}"`);
      kubelet('Started container');
    }
  }
}
