/** How often and how long to try again. */
export interface RetryOptions {
  /** Tries in all, the first one included; default 4. 1 never tries again. */
  readonly attempts?: number;
  /** Longest wait before the second try, in ms; doubles with each; default 200. */
  readonly baseDelayMs?: number;
  /** Longest wait of all, in ms; default 10,000. */
  readonly maxDelayMs?: number;
}

export type Retry = Required<RetryOptions>;

/** The options with their defaults. */
export function retryOf({ attempts = 4, baseDelayMs = 200, maxDelayMs = 10_000 }: RetryOptions = {}): Retry {
  return { attempts, baseDelayMs, maxDelayMs };
}

/** Wait before try `attempt + 1`, in ms: random, so that many clients that were cut off together do not come back together. */
export function delayMs({ baseDelayMs, maxDelayMs }: Retry, attempt: number): number {
  return Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(attempt - 1, 30));
}

/** Waits. Rejects with the signal's reason when that is aborted first. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
