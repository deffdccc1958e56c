import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreError } from './errors.ts';

/** What a machine wrote to its serial console, from a byte on. Clouds forget the oldest part, so it may begin later than asked. */
export interface ConsolePage {
  readonly text: string;
  /** Number of the first byte, counted from when the machine was made. */
  readonly startBytes: number;
  /** Where the next page starts. */
  readonly nextBytes: number;
}

/** Why there is nothing to read now; `isGone`: there is no machine at all. */
export interface NoConsole {
  readonly isGone: boolean;
  readonly message: string;
}

/**
 * Reads the console of the machine of an instance from a byte on; a negative number counts from the end. Asks nobody whether
 * they may. Rejects with StoreError Unavailable when the cloud does not answer.
 */
export type ReadConsole = (instanceUid: string, startBytes: number) => Promise<ConsolePage | NoConsole>;

/** For processes that know no cloud. */
export const noConsole: ReadConsole = () =>
  Promise.resolve({ isGone: true, message: 'this process knows no cloud to read consoles from' });

/** Whether there is something to read. */
export function isConsolePage(found: ConsolePage | NoConsole): found is ConsolePage {
  return 'nextBytes' in found;
}

/** How often a console that is followed is read, in milliseconds: each time is a call to the cloud. */
const lookEveryMs = 2_000;

/**
 * What comes after a byte, as it comes, until the signal aborts or there is no machine any more. A machine that is stopped, or
 * a cloud that does not answer, is waited for; one that was made anew begins at its first byte.
 */
export async function* followConsole(
  read: ReadConsole,
  instanceUid: string,
  fromBytes: number,
  signal: AbortSignal,
): AsyncGenerator<ConsolePage, void> {
  let next = fromBytes;
  while (!signal.aborted) {
    const found = await read(instanceUid, next).catch((error: unknown): NoConsole => {
      if (!isStoreError(error, 'Unavailable')) throw error;
      return { isGone: false, message: error.message };
    });
    if (signal.aborted) return;
    if (isConsolePage(found)) {
      const isAnew = found.nextBytes < next;
      if (found.text !== '') yield found;
      next = isAnew ? 0 : found.nextBytes;
      if (isAnew) continue;
    } else if (found.isGone) return;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}
