import { conditionsOf, type Instance, type StatusCondition } from '../../sdk/main.ts';
import { toneOf } from '../catalog/health.ts';

/** A write to an object, as its history tells it. */
export interface Write {
  readonly time: string;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

/** A step on an instance's way to being ready. */
export interface Step {
  readonly key: 'created' | 'scheduled' | 'network' | 'addresses' | 'machine' | 'running' | 'ready' | 'deleting';
  readonly title: string;
  /**
   * `current`: this is what is waited for; `failed`: the same, and it will not come about by itself; `resting`: it is not so,
   * as is wanted.
   */
  readonly state: 'done' | 'current' | 'failed' | 'resting' | 'waiting';
  /** When it was done first, in ms since 1970; absent where nobody knows. */
  readonly atMs?: number;
  /** From the step before it, in ms. */
  readonly tookMs?: number;
  /** What is known of it, in words. */
  readonly detail: string;
}

interface Draft extends Pick<Step, 'key' | 'title' | 'detail'> {
  readonly isDone: boolean;
  readonly atMs: number | undefined;
  /** The condition that says how it goes while it is not done. */
  readonly condition: StatusCondition | undefined;
}

/**
 * The steps of an instance, in their order, and how long each took. `history` may be in any order; where it does not reach
 * back far enough, the conditions tell when they came to be as they are.
 */
export function stepsOf(instance: Instance, history: readonly Write[]): Step[] {
  const writes = history.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const { metadata, spec, status } = instance;
  const conditions = new Map(conditionsOf(instance).map((condition) => [condition.type, condition]));
  const createdMs = Date.parse(metadata.creationTimestamp);
  // Times of creation have no fractions of a second; that of the first write has.
  const firstMs = createdBy(writes) ?? createdMs;
  const gates = (spec.controller?.schedulingGates ?? []).map(({ name }) => name);
  const addresses = (status?.networkInterfaces ?? []).flatMap(({ assignments }) =>
    [assignments?.networkIP, assignments?.networkIPv6].filter((each) => each !== undefined && each !== null),
  );
  const ready = conditions.get('Ready');
  const programmed = conditions.get('Programmed');
  const running = conditions.get('Running');
  const drafts: Draft[] = [
    draft('created', 'Created', true, firstMs, ready, `Generation ${metadata.generation ?? 1}`),
    draft(
      'scheduled',
      'Scheduled',
      spec.location !== undefined,
      firstOf(writes, isLocated) ?? firstMs,
      ready,
      spec.location?.name ?? 'No location yet',
    ),
    draft(
      'network',
      'Network',
      gates.length === 0,
      firstOf(writes, isUngated) ?? firstMs,
      ready,
      gates.length === 0 ? 'Its networks are there' : messageOf(ready),
    ),
    draft(
      'addresses',
      'Addresses',
      addresses.length > 0,
      firstOf(writes, hasAddress),
      programmed,
      addresses.join(', ') || messageOf(programmed),
    ),
    conditionDraft('machine', 'Cloud machine', writes, programmed),
    conditionDraft('running', 'Running', writes, running),
    conditionDraft('ready', 'Ready', writes, ready),
  ];
  const steps = withTimes(drafts);
  return [...(isResting(instance) ? steps.map(resting) : steps), ...deletion(instance)];
}

function draft(
  key: Step['key'],
  title: string,
  isDone: boolean,
  atMs: number | undefined,
  condition: StatusCondition | undefined,
  detail: string,
): Draft {
  return { key, title, isDone, atMs: isDone ? atMs : undefined, condition, detail };
}

function conditionDraft(
  key: Step['key'],
  title: string,
  writes: readonly Write[],
  condition: StatusCondition | undefined,
): Draft {
  const isDone = condition?.status === 'True';
  const path = `status.conditions[type=${condition?.type}].status`;
  const first = firstOf(writes, (change) => change.path === path && change.after === 'True');
  const now = isDone ? Date.parse(condition.lastTransitionTime) : undefined;
  return draft(key, title, isDone, first ?? now, condition, messageOf(condition));
}

function withTimes(drafts: readonly Draft[]): Step[] {
  const waitedFor = drafts.findIndex(({ isDone }) => !isDone);
  let lastMs: number | undefined;
  return drafts.map(({ key, title, detail, isDone, atMs, condition }, index) => {
    const reached = atMs === undefined ? undefined : Math.max(atMs, lastMs ?? atMs);
    const tookMs = index === 0 || reached === undefined || lastMs === undefined ? undefined : reached - lastMs;
    lastMs = reached ?? lastMs;
    const hasFailed = condition !== undefined && toneOf(condition) === 'bad';
    const state = isDone ? 'done' : hasFailed ? 'failed' : index === waitedFor ? 'current' : 'waiting';
    return {
      key,
      title,
      // Of steps that wait for another one alone that one tells why.
      state:
        state === 'failed' && index !== waitedFor && drafts[waitedFor]?.condition?.reason === condition?.reason
          ? 'waiting'
          : state,
      ...(reached === undefined ? {} : { atMs: reached }),
      ...(tookMs === undefined ? {} : { tookMs }),
      detail,
    };
  });
}

/** Whether the machine is off because it is wanted so. */
function isResting({ spec, status }: Instance): boolean {
  const running = status?.conditions?.find(({ type }) => type === 'Running');
  return (spec.powerState === 'Stopped' || spec.powerState === 'Suspended') && running?.reason === 'Stopped';
}

function resting(step: Step): Step {
  if (step.key === 'running') return { ...step, state: 'resting' };
  return step.key === 'ready' ? { ...step, state: 'waiting' } : step;
}

function deletion({ metadata: { deletionTimestamp, finalizers = [] } }: Instance): Step[] {
  if (deletionTimestamp === undefined || deletionTimestamp === null) return [];
  const detail = finalizers.length === 0 ? 'Nothing holds it back' : `Waits for ${finalizers.join(', ')}`;
  return [{ key: 'deleting', title: 'Deleting', state: 'current', atMs: Date.parse(deletionTimestamp), detail }];
}

type Change = Write['changes'][number];

/** When a change was made first. */
function firstOf(writes: readonly Write[], isIt: (change: Change) => boolean): number | undefined {
  const write = writes.find(({ changes }) => changes.some(isIt));
  return write && Date.parse(write.time);
}

function createdBy(writes: readonly Write[]): number | undefined {
  return firstOf(writes, ({ path, before }) => path === 'spec' && (before ?? null) === null);
}

const isLocated = ({ path, after }: Change): boolean =>
  path === 'spec.location' || (path === 'spec' && hasField(after, 'location'));

const isUngated = ({ path, after }: Change): boolean =>
  path.startsWith('spec.controller.schedulingGates') && (after === null || after === undefined || isEmptyList(after));

const hasAddress = ({ path, after }: Change): boolean =>
  path.startsWith('status.networkInterfaces') && /"networkIP(v6)?":"/.test(JSON.stringify(after ?? null));

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function hasField(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function messageOf(condition: StatusCondition | undefined): string {
  return condition?.message ?? 'No controller has looked at it yet';
}
