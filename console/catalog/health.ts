import { conditionsOf, type StatusCondition } from '../../sdk/main.ts';

/** How something is; also which colour and sign it has. `idle`: nothing is to be said about it. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

/** How an object is, in a word, and the condition that says so. */
export interface Health {
  readonly tone: Tone;
  readonly label: string;
  readonly condition?: StatusCondition;
}

/** Reasons of conditions that hold while the control plane works: time mends them. */
const underWay =
  /^(Pending|Provisioning|Starting|Stopping|Restarting|Updating|Deleting|Creating|Waiting|SchedulingGatesPresent|PendingProgramming|NotProgrammed)|InProgress$|NotReady$/;
const bySeverity: readonly Tone[] = ['bad', 'warn', 'busy', 'idle', 'good'];

/** How an object is by its conditions: the worst of them. */
export function healthOf(object: { readonly metadata: { readonly deletionTimestamp?: string } }): Health {
  if (object.metadata.deletionTimestamp !== undefined) return { tone: 'busy', label: 'Deleting' };
  const conditions = conditionsOf(object);
  const [worst] = conditions
    .map((condition) => ({ condition, tone: toneOf(condition) }))
    .toSorted((a, b) => compareTones(a.tone, b.tone));
  if (worst === undefined) return { tone: 'idle', label: '–' };
  const { condition, tone } = worst;
  if (tone === 'good') return { tone, label: wordOf(conditions), condition };
  return { tone, label: wordsOf(condition.reason), condition };
}

/** Conditions that sum the others up, the best first. */
const summaries = ['Ready', 'Available'];

/** The word for all being well. */
function wordOf(conditions: readonly StatusCondition[]): string {
  const types = conditions.map(({ type }) => type);
  return summaries.find((type) => types.includes(type)) ?? types.at(-1) ?? '';
}

/** How a condition is. */
export function toneOf({ status, reason }: Pick<StatusCondition, 'status' | 'reason'>): Tone {
  if (status === 'True') return 'good';
  if (underWay.test(reason)) return 'busy';
  return status === 'False' ? 'bad' : 'warn';
}

/** A reason in words: `NoCandidateLocations` → `No candidate locations`. */
export function wordsOf(reason: string): string {
  const words = reason.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words
    .split(' ')
    .map((word, at) => (at === 0 || /^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
}

/** The severer of two tones comes first. */
export function compareTones(a: Tone, b: Tone): number {
  return rankOf(a) - rankOf(b);
}

/** Where a tone stands among all: 0 is the severest. */
export function rankOf(tone: Tone): number {
  return bySeverity.indexOf(tone);
}
