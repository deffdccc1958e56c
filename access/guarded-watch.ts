import type { Kind } from '../kinds/kind.ts';
import { StoreError } from '../store/errors.ts';
import type { WatchEvent, WatchOptions } from '../store/types.ts';
import { type Guard, sightKey } from './guard.ts';

/**
 * A watch that shows what the caller may see for as long as that is so. Throws Forbidden when it may no longer watch at all,
 * and Expired when it may see more or less than at the start, so that the reader begins anew.
 */
export async function* watchGuarded<T>(
  guard: Guard,
  kind: Kind,
  options: WatchOptions,
  start: (options: WatchOptions) => AsyncIterable<WatchEvent<T>>,
): AsyncGenerator<WatchEvent<T>, void> {
  const { signal } = options;
  const over = new AbortController();
  const end = (): void => over.abort();
  let hasChanged = false;
  const sight = guard.requireSight(kind, 'watch', options);
  const key = sightKey(sight);
  const leave = guard.onChange(() => {
    const now = guard.sightOf(kind, 'watch', options);
    if (now !== undefined && sightKey(now) === key) return;
    hasChanged = true;
    end();
  });
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  try {
    for await (const event of start({ ...options, ...sight, signal: over.signal })) {
      if (hasChanged) break;
      yield event;
    }
  } finally {
    leave();
    signal?.removeEventListener('abort', end);
  }
  if (!hasChanged) return;
  guard.requireSight(kind, 'watch', options);
  throw new StoreError('Expired', 'what may be seen has changed', { object: { kind: kind.id } });
}
