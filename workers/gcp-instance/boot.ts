import type { Instance } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../store/types.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { type BootReport, bootReport } from '../clouds/gcp/guest/boot-report.ts';
import { inBackground } from '../clouds/gcp/priority.ts';
import { serialOutput } from '../clouds/gcp/serial-port.ts';
import { conditionOf, type Verdict } from '../objects/condition.ts';
import { groupMachineLabel } from '../objects/labels.ts';
import { contentOf, type MachineDeps } from './machine.ts';

/** Facts of a machine's row: how its boot goes, what is said of that, when its console is read next, and how often it was. */
const facts = { boot: 'boot', said: 'bootSaid', lookAt: 'bootLookAt', looks: 'bootLooks' } as const;

/** `up` also where nothing was found to be wrong for as long as it is looked. */
type Boot = 'up' | 'pending' | 'troubled' | 'failed';

/** Part of the facts of a machine that boots anew. */
export const bootsAnew: Readonly<Record<string, string>> = {
  [facts.boot]: '',
  [facts.said]: '',
  [facts.lookAt]: '',
  [facts.looks]: '',
};

/** How much of the end of a console is read, in bytes. */
const tailBytes = 65_536;
/**
 * A console is read at once, then after ever longer waits; a machine of which nothing bad is heard is up after the last. Machines of
 * a group come by the dozen: they have the first wait to come up by themselves.
 */
const firstWaitMs = 15_000;
const longestWaitMs = 300_000;
const mostLooks = 8;
/** Failures that are quoted at once. */
const mostQuotes = 3;

/** The row of a machine whose boot was looked at, if it was time, and when to look again. */
export interface BootLook {
  readonly row: CloudResource;
  readonly againAfterMs?: number;
}

/**
 * Reads the console of a machine that runs until it is up: Google says that a machine runs when its power is on. One call at
 * each look, for which nobody's work waits.
 */
export async function lookAtBoot(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  row: CloudResource,
): Promise<BootLook> {
  if (row.operation !== undefined || row.state !== 'ready') return { row };
  if (row.facts['status'] !== 'RUNNING') {
    return row.facts[facts.looks] ? { row: await note(deps, row, bootsAnew) } : { row };
  }
  if (row.facts[facts.boot] === 'up') return { row };
  const nowMs = (deps.now ?? Date.now)();
  const isMember = instance.metadata.labels?.[groupMachineLabel] !== undefined;
  if (isMember && !row.facts[facts.lookAt]) {
    const waiting = await note(deps, row, { [facts.lookAt]: `${nowMs + firstWaitMs}` });
    return { row: waiting, againAfterMs: firstWaitMs };
  }
  const waitMs = Number(row.facts[facts.lookAt] || 0) - nowMs;
  if (waitMs > 0) return { row, againAfterMs: waitMs };

  const looks = Number(row.facts[facts.looks] || 0);
  const report = await readReport(deps, context, instance, row);
  const boot = report === undefined ? (row.facts[facts.boot] as Boot | undefined) || 'pending' : bootOf(report);
  const isOver = boot === 'up' || (boot === 'pending' && looks + 1 >= mostLooks);
  const againAfterMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(looks, 10));
  const written = await note(deps, row, {
    [facts.boot]: isOver ? 'up' : boot,
    [facts.looks]: `${looks + 1}`,
    [facts.lookAt]: `${nowMs + againAfterMs}`,
    ...(report === undefined ? {} : { [facts.said]: saidIn(report) }),
  });
  return isOver ? { row: written } : { row: written, againAfterMs };
}

/** Condition Booted of an instance: absent until its machine had trouble to come up. */
export function bootVerdicts(instance: Instance, row: CloudResource | undefined): Verdict[] {
  const said = row?.facts[facts.said] ?? '';
  switch (row?.facts[facts.boot]) {
    case 'failed':
      return [{ type: 'Booted', status: 'False', reason: 'BootFailed', message: `The console says: ${said}` }];
    case 'troubled':
      return [{ type: 'Booted', status: 'False', reason: 'Booting', message: `The console says: ${said}` }];
    default:
  }
  if (conditionOf(instance, 'Booted') === undefined) return [];
  if (row?.facts[facts.boot] === 'up')
    return [{ type: 'Booted', status: 'True', reason: 'Booted', message: 'The machine is up' }];
  return [{ type: 'Booted', status: 'Unknown', reason: 'Booting', message: 'The machine boots, or is off' }];
}

function bootOf({ failures, troubles, isUp }: BootReport): Boot {
  if (failures.length > 0) return 'failed';
  if (troubles.length > 0) return 'troubled';
  return isUp ? 'up' : 'pending';
}

function saidIn({ failures, troubles }: BootReport): string {
  return [...troubles, ...failures].slice(-mostQuotes).join('; ');
}

/** Undefined when the console cannot be read now. */
async function readReport(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  row: CloudResource,
): Promise<BootReport | undefined> {
  let text: string;
  try {
    ({ text } = await inBackground(() => serialOutput(deps.gcp, row, -tailBytes)));
  } catch (error) {
    if (isGcpError(error)) return undefined;
    throw error;
  }
  const containers = (instance.spec.runtime.sandbox?.containers ?? []).map(({ name }) => name);
  const found = bootReport(text, containers);
  if (found.failures.length + found.troubles.length === 0) return found;
  // Read once more with all in mind that must not be quoted.
  return bootReport(text, containers, await secretValues(deps, context, instance));
}

/** Values of the secrets that the machine has, line by line; what is too short would blacken every text. */
async function secretValues(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<string[]> {
  const { secrets } = await contentOf(deps, context, instance);
  const values = [...secrets.values()].flatMap((secret) => Object.values(secret?.data ?? {}));
  const lines = values.flatMap((value) => [value, ...Buffer.from(value, 'base64').toString().split(/\r?\n/)]);
  // Longer ones first: one may be part of another.
  return lines.filter((line) => line.length >= 4).toSorted((a, b) => b.length - a.length);
}

async function note(
  deps: MachineDeps,
  row: CloudResource,
  noted: Readonly<Record<string, string>>,
): Promise<CloudResource> {
  return (await deps.cloudResources.record(row.requestId, { state: 'ready', facts: noted })) ?? row;
}
