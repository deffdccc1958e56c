import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isFull } from '../../support/scale.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '.cache', 'clients');

/** Programs that `.ci/install-clients` installs, as `<client>/<program>`. */
export type Program =
  | 'ansible/python/bin/ansible-playbook'
  | 'ansible/python/bin/python'
  | 'controller/controller.test'
  | 'helm3/helm'
  | 'helm4/helm'
  | 'kubectl-1.20/kubectl'
  | 'kubernetes-validate/python/bin/kubernetes-validate'
  | 'kustomize/kustomize';

/** Clients whose stories take long: `npm test` leaves them to full runs, to end within its five minutes. */
const slow: ReadonlySet<string> = new Set(['ansible', 'controller', 'helm3', 'helm4']);

/** Path of an installed program; undefined when its client is not installed, or left to full runs. */
export function findProgram(program: Program): string | undefined {
  const [client = ''] = program.split('/');
  if (!isFull && slow.has(client)) return undefined;
  // The version is written last: without it the folder is half made.
  return existsSync(join(folder, client, 'version')) ? join(folder, program) : undefined;
}

/** Why the tests of a program are skipped. */
export function whyAbsent(program: Program): string {
  const [client = ''] = program.split('/');
  return !isFull && slow.has(client)
    ? `${client} is left to full runs: npm test -- --full`
    : `${client} is not installed here; .ci/install-clients installs it`;
}

/** A kubectl of one version; of Kubernetes 1.`minor`. */
export interface KubectlProgram {
  readonly minor: number;
  readonly path: string;
}

/**
 * Every `kubectl.1.<minor>` on the path, or beside what a program of the path leads to, and Debian's 1.20; oldest first.
 * A bare `kubectl` may be a dispatcher that picks another version, so it is never used.
 */
export function findKubectls(): readonly KubectlProgram[] {
  const found = new Map<number, string>();
  for (const place of placesOfPrograms()) {
    for (const name of readdirOrNothing(place)) {
      const minor = /^kubectl\.1\.(\d+)$/.exec(name)?.[1];
      if (minor !== undefined) found.set(Number(minor), join(place, name));
    }
  }
  const debian = findProgram('kubectl-1.20/kubectl');
  if (debian !== undefined) found.set(20, debian);
  return [...found].map(([minor, path]) => ({ minor, path })).toSorted((a, b) => a.minor - b.minor);
}

/** The versions that run the short story: all in full runs, else the oldest and the newest. */
export function findShortStoryKubectls(): readonly KubectlProgram[] {
  const all = findKubectls();
  return isFull ? all : all.filter((_, index) => index === 0 || index === all.length - 1);
}

/** The versions that run the whole story: the oldest, 1.27 and the newest in full runs, else the newest alone. */
export function findWholeStoryKubectls(): readonly KubectlProgram[] {
  const all = findKubectls();
  return all.filter(
    ({ minor }, index) => index === all.length - 1 || (isFull && (index === 0 || minor === 20 || minor === 27)),
  );
}

function placesOfPrograms(): Set<string> {
  const places = new Set<string>();
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    places.add(place);
    for (const program of ['kubectl', 'gcloud']) {
      const path = join(place, program);
      if (existsSync(path)) places.add(dirname(realpathSync(path)));
    }
  }
  return places;
}

function readdirOrNothing(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}
