import type { Identity } from '../identity.ts';

/** Longest wait that a timer can hold. */
const mostTimerMs = 2 ** 31 - 1;

/**
 * Calls `ended` once when the credential behind an identity ends, by time or by revocation; at once if it has. Whoever keeps
 * a connection open for somebody asks this, and calls the answer when the connection ends first.
 */
export function whileValid({ expiresAtMs, session }: Identity, ended: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let leave: (() => void) | undefined;
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    leave?.();
  };
  const end = (): void => {
    if (isOver) return;
    stop();
    ended();
  };
  const wait = (atMs: number): void => {
    const leftMs = atMs - Date.now();
    if (leftMs <= 0) return end();
    timer = setTimeout(() => wait(atMs), Math.min(leftMs, mostTimerMs));
    timer.unref();
  };
  if (expiresAtMs !== undefined) wait(expiresAtMs);
  if (session === undefined || isOver) return stop;
  leave = session.follow(end);
  // It may have ended while it was asked, when there was nothing to leave yet.
  if (isOver) leave();
  return stop;
}
