/** How virtual time relates to the machine's: the same, moved only by the control API, or `scale` times as fast. */
export type ClockMode = 'real' | 'manual' | { readonly scale: number };

export interface Clock {
  readonly mode: ClockMode;
  /** Virtual time in milliseconds since 1970. */
  now(): number;
  /** What the cloud's clocks show at a virtual time, now if none is given: they may be ahead or behind. */
  wall(atMs?: number): number;
  /** How far the cloud's clocks are ahead of virtual time, in milliseconds. */
  skewMs: number;
  /** Moves virtual time forward by `ms`. */
  advance(ms: number): void;
  /** Sets virtual time, also backwards: for a state that is brought back whole. */
  set(atMs: number): void;
  /** Resolves when virtual time has reached `atMs`, when `signal` aborts, or after `realLimitMs` of real time. */
  until(atMs: number, realLimitMs: number, signal: AbortSignal): Promise<void>;
}

/** A clock that never shows less than `notBeforeMs`, so that a restart does not step back. */
export function createClock(mode: ClockMode, notBeforeMs: number): Clock {
  const scale = mode === 'real' ? 1 : mode === 'manual' ? 0 : mode.scale;
  const realStartMs = Date.now();
  let offsetMs = mode === 'manual' && notBeforeMs > 0 ? notBeforeMs : Math.max(realStartMs, notBeforeMs);
  const wakers = new Set<() => void>();

  const clock: Clock = {
    mode,
    now: () => Math.floor(offsetMs + (Date.now() - realStartMs) * scale),
    skewMs: 0,
    wall: (atMs = clock.now()) => atMs + clock.skewMs,
    set(atMs) {
      clock.advance(atMs - clock.now());
    },
    advance(ms) {
      offsetMs += ms;
      for (const wake of wakers) wake();
    },
    async until(atMs, realLimitMs, signal) {
      const deadlineMs = Date.now() + realLimitMs;
      while (clock.now() < atMs && Date.now() < deadlineMs && !signal.aborted) {
        const remainingMs = scale > 0 ? Math.ceil((atMs - clock.now()) / scale) : realLimitMs;
        await pause(Math.min(remainingMs, deadlineMs - Date.now()), signal, wakers);
      }
    },
  };
  return clock;
}

function pause(ms: number, signal: AbortSignal, wakers: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      wakers.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.max(0, ms));
    wakers.add(wake);
    signal.addEventListener('abort', wake);
  });
}
