import { isStoreError } from '../../store/errors.ts';
import type { Verdict } from './condition.ts';

/** How long whoever met a limit waits before it asks again; nobody is told when there is room. */
export const quotaRetryMs = 15_000;

/** What a write was refused for, where that was a limit. */
export interface Limited {
  /** Which limit, with the numbers. */
  readonly exceeded: string;
}

/** The outcome of a write, or which limit it met. */
export async function unlessLimited<T extends object>(write: Promise<T>): Promise<T | Limited> {
  try {
    return await write;
  } catch (error) {
    if (isStoreError(error, 'QuotaExceeded')) return { exceeded: error.message };
    throw error;
  }
}

export function isLimited(outcome: object): outcome is Limited {
  return 'exceeded' in outcome;
}

/** What was written, and the first limit that was met, if any. */
export function sortOut<T extends object>(
  outcomes: readonly (T | Limited)[],
): { readonly made: T[]; readonly limited: Limited | undefined } {
  return {
    made: outcomes.filter((one): one is T => !isLimited(one)),
    limited: outcomes.find(isLimited),
  };
}

/** What is said of an object that lacks what a limit did not allow. */
export function quotaVerdict(type: string, { exceeded }: Limited): Verdict {
  return { type, status: 'False', reason: 'QuotaExceeded', message: exceeded };
}
