import { AsyncLocalStorage } from 'node:async_hooks';

/** `user`: somebody waits for it. `background`: looking whether all is still as it was. */
export type Priority = 'user' | 'background';

const priorities = new AsyncLocalStorage<Priority>();

/** Runs what leaves room in the limits for calls that somebody waits for. */
export function inBackground<T>(work: () => Promise<T>): Promise<T> {
  return priorities.run('background', work);
}

export function currentPriority(): Priority {
  return priorities.getStore() ?? 'user';
}
