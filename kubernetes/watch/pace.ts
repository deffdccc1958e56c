/** Decides how long events are collected before they go out together. */
export interface Pace {
  /** How long to wait from now on, in milliseconds; 0: not at all. */
  delayMs(): number;
  /** Says how much of the process's time it took to send a batch. */
  spent(busyMs: number): void;
}

const mostMs = 100;
/** Below this a batch costs so little that waiting would only delay. */
const freeMs = 2;
/** A batch is followed by this much time for everybody else. */
const share = 1.5;

/**
 * Few watchers are told at once. With many, sending takes its time whether there is one event or ten, so the longer it took,
 * the longer the next events are collected.
 */
export function createPace(): Pace {
  let meanMs = 0;
  return {
    delayMs: () => (meanMs < freeMs ? 0 : Math.min(mostMs, meanMs * share)),
    spent: (busyMs) => void (meanMs += (busyMs - meanMs) * 0.3),
  };
}
