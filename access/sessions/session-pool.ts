import type { Logger } from 'pino';
import type { Identity } from '../identity.ts';
import type { Ground } from './ground.ts';

/** Who a credential proves, and on what that rests. */
export interface Proven {
  readonly identity: Identity;
  readonly ground: Ground;
}

/** Which of these grounds are gone, by position. Rejects when that cannot be found out. */
export type FindGone = (grounds: readonly Ground[]) => Promise<ReadonlySet<number>>;

/** The credentials that are in use in this process. */
export interface SessionPool {
  /** Whom a credential proved a moment ago; undefined where that must be proven again. */
  get(key: string): Identity | undefined;
  /** Keeps what was proven from the state of the world at `asOfMs` (performance.now()); answers the identity with its session. */
  keep(key: string, proven: Proven, asOfMs: number): Identity;
  /** Ends a credential that turned out to be none. */
  end(key: string): void;
  /** Looks after the credentials that are in use; called by a timer, and by tests. */
  look(): Promise<void>;
  close(): void;
}

export interface SessionPoolOptions {
  readonly findGone: FindGone;
  readonly log: Logger;
  /** Told of every credential that was used since the last look. */
  readonly onUse: (identity: Identity) => void;
  /** Credentials in use are looked after this often. Default 1.5 s. */
  readonly lookEveryMs?: number;
  /** What was looked at longer ago must be proven again. Default 4 s. */
  readonly staleMs?: number;
  /** Most credentials without open connections that are kept. Default 10,000. */
  readonly most?: number;
}

interface Entry {
  readonly identity: Identity;
  readonly ground: Ground;
  readonly followers: Set<() => void>;
  asOfMs: number;
  isUsed: boolean;
  isOver: boolean;
}

/** Of the oldest entries this many are asked whether they can go, when there are too many. */
const mostTried = 64;

/**
 * Keeps proven credentials for a moment, so that a request costs one look into memory, and looks after those that are in
 * use: whatever a credential rests on goes, it is forgotten here, and its connections end, within `staleMs` in every process.
 */
export function createSessionPool(options: SessionPoolOptions): SessionPool {
  const { findGone, log, onUse, lookEveryMs = 1500, staleMs = 4000, most = 10_000 } = options;
  const entries = new Map<string, Entry>();
  let looking: Promise<void> | undefined;

  function end(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    entry.isOver = true;
    const { followers } = entry;
    // Whoever ends may take others with it, which are then no longer here.
    for (const ended of followers) if (followers.delete(ended)) ended();
  }

  function makeRoom(): void {
    let tried = 0;
    for (const [key, { followers }] of entries) {
      if (entries.size < most || ++tried > mostTried) return;
      if (followers.size === 0) entries.delete(key);
    }
  }

  /** The entry that is looked after: this one again where it was forgotten, because nobody seemed to need it. */
  function followed(key: string, entry: Entry): Entry {
    const known = entries.get(key);
    if (known !== undefined || entry.isOver) return known ?? entry;
    entries.set(key, entry);
    return entry;
  }

  /** Asks about all that were used or are followed; what nobody has used since the last look is forgotten. */
  async function lookOnce(): Promise<void> {
    const asOfMs = performance.now();
    const nowMs = Date.now();
    const inUse: [string, Entry][] = [];
    for (const [key, entry] of entries) {
      const { identity, followers } = entry;
      if ((identity.expiresAtMs ?? Infinity) <= nowMs) end(key);
      else if (entry.isUsed || followers.size > 0) inUse.push([key, entry]);
      else if (asOfMs - entry.asOfMs > staleMs) entries.delete(key);
    }
    if (inUse.length === 0) return;
    const gone = await findGone(inUse.map(([, { ground }]) => ground));
    for (const [, { identity, isUsed }] of inUse) if (isUsed) onUse(identity);
    for (const [index, [key, entry]] of inUse.entries()) {
      if (entries.get(key) !== entry) continue;
      if (gone.has(index)) {
        log.info({ credential: entry.identity.credential }, 'a credential in use has ended');
        end(key);
      } else {
        entry.asOfMs = asOfMs;
        entry.isUsed = false;
      }
    }
  }

  function look(): Promise<void> {
    return (looking ??= lookOnce().finally(() => (looking = undefined)));
  }

  const timer = setInterval(() => {
    // Without the database nothing is taken any more, but what is open stays: it can only wait as well.
    look().catch((err: unknown) => log.warn({ err }, 'it could not be seen whether credentials are still good'));
  }, lookEveryMs);
  timer.unref();

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined || performance.now() - entry.asOfMs > staleMs) return undefined;
      if ((entry.identity.expiresAtMs ?? Infinity) <= Date.now()) return undefined;
      entry.isUsed = true;
      return entry.identity;
    },
    keep(key, { identity, ground }, asOfMs) {
      const known = entries.get(key);
      if (known !== undefined) {
        known.asOfMs = Math.max(known.asOfMs, asOfMs);
        known.isUsed = true;
        return known.identity;
      }
      makeRoom();
      const follow = (ended: () => void): (() => void) => {
        // The same function may be given twice, but each wish is one.
        const once = (): void => ended();
        if (entry.isOver) ended();
        else followed(key, entry).followers.add(once);
        return () => void followed(key, entry).followers.delete(once);
      };
      const entry: Entry = {
        identity: { ...identity, session: { follow } },
        ground,
        followers: new Set(),
        asOfMs,
        isUsed: true,
        isOver: false,
      };
      entries.set(key, entry);
      return entry.identity;
    },
    end,
    look,
    close() {
      clearInterval(timer);
      entries.clear();
    },
  };
}
