/** What the console of a machine says of its last boot. */
export interface BootReport {
  /** What went wrong for good, as far as can be told; quoted, newest last. */
  readonly failures: readonly string[];
  /** What does not work yet and is tried again; quoted. */
  readonly troubles: readonly string[];
  /** Everything that was waited for has come. */
  readonly isUp: boolean;
}

/** First lines of a boot: those of firmware and kernel. */
const bootMark = /SeaBIOS \(version|UEFI firmware|\] Linux version /;
/** Names of its unit and of its last word, as in user-data.ts and guest.py. */
const guestDone = /Finished Disks, files and secrets of this machine|datum: everything is there/;
const guestFailed = /Failed to start Disks, files and secrets of this machine/;
const containersRun = /datum: all containers run/;
const broken = /Kernel panic - not syncing.*|You are in (?:emergency|rescue) mode.*|No bootable device.*|grub rescue>/;
const cloudInit =
  /cloud-init\[\d+\]: (.*(?:exited with status [1-9]|\[(?:WARNING|ERROR|CRITICAL)\]: ?.*Failed to run module).*)/;
const pullOrRun =
  /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError|RunContainerError|CrashLoopBackOff/;

/**
 * Reads the lines since the machine booted last. Only lines of our own program, of the kubelet about a container, of
 * cloud-init and of a system that cannot boot are quoted: what else stands in a console is not for all who see the instance.
 */
export function bootReport(text: string, containers: readonly string[], secrets: readonly string[] = []): BootReport {
  const lines = text.split(/\r?\n/);
  const start = lines.findLastIndex((line) => bootMark.test(line));
  const failures = new Map<string, string>();
  const troubles = new Map<string, string>();
  const started = new Set<string>();
  let isGuestDone = false;
  const note = (into: Map<string, string>, subject: string, line: string): void => {
    // What was said last of a subject stands last.
    into.delete(subject);
    into.set(subject, quoted(line, secrets));
  };
  for (const line of lines.slice(Math.max(0, start))) {
    if (guestDone.test(line)) {
      isGuestDone = true;
      for (const all of [failures, troubles]) for (const one of ['guest', 'unit']) all.delete(one);
    } else if (containersRun.test(line)) {
      for (const container of containers) {
        started.add(container);
        failures.delete(`container ${container}`);
      }
      failures.delete('containers');
    } else if (guestFailed.test(line)) note(failures, 'unit', line.slice(line.search(guestFailed)));
    else if (line.includes('datum: ')) {
      const said = line.slice(line.indexOf('datum: '));
      const isFinal = /^datum: (?:giving up|a key cannot|\S+ exists;)/.test(said);
      note(isFinal ? failures : troubles, 'guest', said);
    } else readContainerLine(line);
    const [fatal] = broken.exec(line) ?? [];
    if (fatal !== undefined) note(failures, 'system', fatal);
    const [, step] = cloudInit.exec(line) ?? [];
    if (step !== undefined) note(failures, 'cloud-init', step);
  }

  function readContainerLine(line: string): void {
    const container = containers.find((name) => line.includes(`/${name}: `) || forContainer(line, name));
    if (/\bStarted container\b/.test(line) && container !== undefined) {
      started.add(container);
      failures.delete(`container ${container}`);
      return;
    }
    const [reason] = pullOrRun.exec(line) ?? [];
    if (reason === undefined || !/kubelet|pod_workers|kuberuntime/.test(line)) return;
    const at = container === undefined ? 'containers' : `container ${container}`;
    note(failures, at, `${at}: ${line.includes(`${reason}: `) ? line.slice(line.indexOf(reason)) : about(line)}`);
  }

  return {
    failures: [...failures.values()],
    troubles: [...troubles.values()],
    isUp: isGuestDone && containers.every((name) => started.has(name)),
  };
}

/** The kubelet writes `"StartContainer\" for \"main\" with ErrImagePull: …`, quotes escaped more than once. */
function forContainer(line: string, name: string): boolean {
  return line.replaceAll('\\', '').includes(`for "${name}" with`);
}

/** A line without what stands before what it says. */
function about(line: string): string {
  return line.slice(line.lastIndexOf(': ', line.search(/Failed|Back-off|Error/)) + 1).trim();
}

const maxQuotedLength = 200;

/** A word for something secret, and what follows it. */
const secretLike =
  /\b(authorization|bearer|password|passwd|secret|token|api[-_]?key)(["']?\s*[:= ]\s*)(?:basic\s+|bearer\s+)?[^\s,;]+/gi;

/** A line that is short, of one colour, and without anything that may be secret. */
function quoted(line: string, secrets: readonly string[]): string {
  // oxlint-disable-next-line no-control-regex -- Control characters are what is to be taken out.
  let text = line.replaceAll(/\u001B\[[0-9;]*[A-Za-z]/g, '').replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ');
  for (const secret of secrets) text = text.replaceAll(secret, '…');
  text = text
    .replaceAll(/\/\/[^/@\s]*@/g, '//…@')
    .replaceAll(secretLike, '$1$2…')
    .trim();
  return text.length <= maxQuotedLength ? text : `${text.slice(0, maxQuotedLength)}…`;
}
