import { durationText } from './duration.ts';
import type { Step } from './instance-steps.ts';

/** How an instance is, in one sentence. */
export function instanceVerdict(steps: readonly Step[], nowMs: number): string {
  const deleting = steps.find(({ key }) => key === 'deleting');
  if (deleting !== undefined) return `It is being deleted. ${deleting.detail}.`;
  const resting = steps.find(({ state }) => state === 'resting');
  if (resting !== undefined) return `It is off, as is wanted: ${asSentence(resting.detail)}`;
  const failed = steps.find(({ state }) => state === 'failed');
  if (failed !== undefined) return `${failed.title} has failed: ${asSentence(failed.detail)}`;
  const current = steps.find(({ state }) => state === 'current');
  if (current !== undefined) {
    const since = steps.findLast(({ atMs }) => atMs !== undefined)?.atMs ?? nowMs;
    return `It waits for step “${current.title}”, for ${durationText(nowMs - since)} now: ${asSentence(current.detail)}`;
  }
  const [first, last] = [steps[0]?.atMs, steps.at(-1)?.atMs];
  if (first === undefined || last === undefined) return 'It is ready.';
  return `It is ready, for ${durationText(nowMs - last)} now; that took ${durationText(last - first)} from its creation.`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
