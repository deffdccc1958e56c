import type { Verdict } from '../objects/condition.ts';

/** The control plane is there, with all that every project has. */
export const ready: Verdict = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: 'The control plane can be used',
};

/** What a project that cannot go yet says; `remains` is what is still inside. */
export function terminating(remains: string): Verdict {
  return { type: 'Ready', status: 'False', reason: 'Terminating', message: remains };
}
