import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import { createHeap } from './heap.ts';

/** What happens when a timer is due, called inside a transaction with the time it was due at. */
export type TimerHandler = (key: string, atMs: number) => void;

/** Everything that happens later. No real timer runs: due events are done when somebody next looks (`settle`). */
export interface Timers {
  /** Names an event; the name is stored, the function is not. */
  handle(event: string, handler: TimerHandler): void;
  schedule(atMs: number, event: string, key: string): void;
  /** Does all that is due by the clock, in order of time, and what follows from it. */
  settle(): void;
  /** Resolves when something is due, at virtual time `limitMs`, or when `signal` aborts; may be early. */
  nextDue(limitMs: number, realLimitMs: number, signal: AbortSignal): Promise<void>;
}

/** Timers that call `follow` after each event, at the event's own time, for what follows from it at once. */
export function createTimers(database: Database, clock: Clock, follow: (atMs: number) => void): Timers {
  const due = createHeap<string>();
  const handlers = new Map<string, TimerHandler>();
  database.onChange('timer', (id, _before, after) => {
    if (after !== undefined) due.push(after.atMs, id);
  });

  const run = (id: string) => {
    const timer = database.get('timer', id);
    if (timer === undefined) return;
    database.transaction(() => {
      database.delete('timer', id);
      const handler = handlers.get(timer.event);
      if (handler === undefined) throw new Error(`no handler for the timer event ${timer.event}`);
      handler(timer.key, timer.atMs);
    });
    follow(timer.atMs);
  };

  return {
    handle: (event, handler) => void handlers.set(event, handler),
    schedule: (atMs, event, key) => database.put('timer', `${database.nextCount()}`, { atMs, event, key }),
    settle() {
      const nowMs = clock.now();
      follow(nowMs);
      for (let atMs = due.peekAtMs(); atMs !== undefined && atMs <= nowMs; atMs = due.peekAtMs()) {
        const id = due.pop();
        if (id !== undefined) run(id);
      }
    },
    nextDue(limitMs, realLimitMs, signal) {
      return clock.until(Math.min(limitMs, due.peekAtMs() ?? Infinity), realLimitMs, signal);
    },
  };
}
