import type { Identity } from '../../access/identity.ts';
import type { Activity } from '../../access/limits/limits.ts';
import type { Connection, RequestLimits } from '../../access/limits/request-limits.ts';
import type { TooMany } from '../../access/limits/too-many.ts';
import type { Release } from '../../access/limits/turns.ts';
import type { InTurn } from '../../store/types.ts';
import { tokensOf } from '../../access/limits/work.ts';
import { ApiError } from '../status/status.ts';

/** What one request takes from everybody while it is answered. */
export interface Turn {
  /** Takes the turn, as soon as it is known whose request it is. Rejects with TooMany. */
  enter(identity: Identity): Promise<void>;
  /** Pays for the request, and for a body of this size. Throws TooMany. */
  pay(activity: Activity, bodyBytes: number): void;
  /** Counts a watch until the request is over; answers the turns for its reads. Throws TooMany. */
  watch(): InTurn;
  /** Gives the turn back before the request is over: what lasts shall keep nobody waiting. */
  leave(): void;
  /** Gives the turn back while the client is waited for; meanwhile `bytes` are counted. Rejects with TooMany. */
  away<T>(bytes: number, wait: () => Promise<T>): Promise<T>;
  /** Whose request it is, once that is known. */
  identity(): Identity | undefined;
  /** Gives everything back. */
  end(): void;
}

/** Fewer bytes are there, or gone, at once. */
const uncountedBytes = 64 * 1024;

export function createTurn(limits: RequestLimits, connection: Connection): Turn {
  let identity: Identity | undefined;
  let turn: Release | undefined;
  let isOver = false;
  let watching: Release | undefined;

  async function retake(by: Identity): Promise<void> {
    const entered = limits.enter(by);
    const release = typeof entered === 'function' ? entered : await entered;
    // Meanwhile the client may have gone, and with it the request.
    if (isOver) release();
    else turn = release;
  }

  function known(): Identity {
    if (identity === undefined) throw new Error('a request of nobody takes no turn');
    return identity;
  }

  function leave(): void {
    turn?.();
    turn = undefined;
  }

  return {
    identity: () => identity,
    async enter(by) {
      identity = by;
      limits.useConnection(by, connection);
      await retake(by);
    },
    pay(activity, bodyBytes) {
      limits.spend(known(), activity);
      // Before it is read: it has to be parsed, whatever comes of it.
      if (bodyBytes > uncountedBytes) limits.spend(known(), 'read', tokensOf(bodyBytes, 'worked'));
    },
    watch() {
      watching = limits.openWatch(known());
      return limits.watchTurns(known()).read;
    },
    leave,
    async away(bytes, wait) {
      const hadTurn = turn !== undefined;
      const held = identity === undefined || bytes <= uncountedBytes ? undefined : limits.holdBytes(identity, bytes);
      if (held !== undefined) limits.charge(known(), 'read', tokensOf(bytes, 'copied'));
      leave();
      try {
        return await wait();
      } finally {
        held?.();
        if (hadTurn && !isOver) await retake(known());
      }
    },
    end() {
      isOver = true;
      leave();
      watching?.();
    },
  };
}

/** The refusal of one who asks too much; undefined where not even that is to be said. */
export async function refusedTurn(
  error: TooMany,
  limits: RequestLimits,
  turn: Turn,
  { address, bodyBytes }: { readonly address: string; readonly bodyBytes: number },
): Promise<ApiError | undefined> {
  const identity = turn.identity();
  const isTold = await (identity === undefined
    ? limits.addresses.turnAway(address, bodyBytes)
    : limits.turnAway(identity, bodyBytes));
  if (!isTold) return undefined;
  const { message, retryAfterSecs } = error;
  return new ApiError(429, 'TooManyRequests', `Too many requests, please try again later: ${message}`, {
    details: { retryAfterSeconds: retryAfterSecs },
    headers: { 'retry-after': String(retryAfterSecs) },
  });
}
