import { useSyncExternalStore } from 'react';
import { ageOf } from '../../sdk/printing/age.ts';

/** Ages are drawn anew this often, in ms. */
const everyMs = 5_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, in ms since 1970, anew every few seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How long ago a time was; the time itself for pointers. */
export function Age({ time }: { readonly time: string | undefined }) {
  const current = useNow();
  if (time === undefined) return <span className="muted">–</span>;
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {ageOf(time, Math.max(current, Date.parse(time)))}
    </time>
  );
}
