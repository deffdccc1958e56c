import type { Identity } from '../identity.ts';
import { createAccounts, type MakePurse } from './account.ts';
import { createAddresses, type Addresses } from './addresses.ts';
import { createCounted } from './counted.ts';
import { type Activity, limitsOf, type LimitSettings, type ServerLimits } from './limits.ts';
import { createPurse } from './purse.ts';
import { createRefusals } from './refusals.ts';
import { createSharedPurse, type TokenPool } from './shared-purse.ts';
import { tooMany } from './too-many.ts';
import { createTurns, type Release } from './turns.ts';
import { createWatchTurns, type WatchTurns, watchReads } from './watch-turns.ts';

/** What every door asks before it works for somebody. All of it is counted by who pays, see `account.ts`. */
export interface RequestLimits {
  /** Pays for a request. Throws TooMany when its budget is empty. */
  spend(identity: Identity, activity: Activity, tokens?: number): void;
  /** Pays for what a request turned out to cost beyond that: those that come next wait longer. */
  charge(identity: Identity, activity: Activity, tokens: number): void;
  /** A turn for one request, until it is answered. Throws or rejects with TooMany. */
  enter(identity: Identity): Release | Promise<Release>;
  /** A turn for heavy work, on top of that for its request; see `work.ts` for how many units. */
  work(identity: Identity, units: number): Release | Promise<Release>;
  /** How the watches of somebody share what there is. */
  watchTurns(identity: Identity): WatchTurns;
  /** Counts a watch until it is over. Throws TooMany. */
  openWatch(identity: Identity): Release;
  /** Counts bytes that wait for a client, or come from one. Throws TooMany. */
  holdBytes(identity: Identity, bytes: number): Release;
  /**
   * Whether to tell somebody whose request was refused: those who do not stop asking are told late, so that they ask less
   * often, and in the end, or with a large body that would have to be read, not at all; then their connection is to be cut.
   */
  turnAway(identity: Identity, bodyBytes: number): boolean | Promise<boolean>;
  /** Counts a connection for whom it serves, once for each; until it closes. Throws TooMany. */
  useConnection(identity: Identity, connection: Connection): void;
  /** What is open right now, of everybody together. */
  inUse(): InUse;
  /** What is limited before anybody is known. */
  readonly addresses: Addresses;
  readonly server: ServerLimits;
}

/** How much is open. */
export interface InUse {
  readonly watches: number;
  readonly connections: number;
  readonly waitingBytes: number;
}

/** A connection: the socket, or with HTTP/2 the session on it. */
export interface Connection {
  once(event: 'close', listener: () => void): unknown;
  readonly destroyed: boolean;
  destroy(): unknown;
}

export interface RequestLimitOptions {
  readonly settings?: LimitSettings | undefined;
  /** Where processes share their budgets; absent: there is only this one. */
  readonly pool?: TokenPool | undefined;
  /** Told, at most once a minute, that the pool cannot be reached. */
  readonly onTrouble?: (error: unknown) => void;
}

const troubleEveryMs = 60_000;

/** The limits of this process. */
export function createRequestLimits(options: RequestLimitOptions = {}): RequestLimits {
  const limits = limitsOf(options.settings);
  const { server } = limits;
  const requests = createTurns({ total: server.requests, waitMs: server.waitMs });
  const heavy = createTurns({ total: server.work, waitMs: server.waitMs });
  const reads = watchReads(server.watchReads);
  const watches = createCounted('watches', server.watches);
  const connections = createCounted('connections', server.connections);
  const bytes = createCounted('bytes', server.waitingBytes);
  const refusals = createRefusals();
  const isUsed = (key: string): boolean =>
    requests.isUsed(key) || heavy.isUsed(key) || reads.isUsed(key) || watches.of(key) > 0 || connections.of(key) > 0;
  const accounts = createAccounts(limits, purseMaker(options), isUsed);
  const known = new WeakMap<Connection, Set<string>>();

  return {
    server,
    addresses: createAddresses(server),
    spend(identity, activity, tokens = 1) {
      const { purses, limits: own } = accounts.of(identity);
      const waitMs = purses[activity].take(tokens);
      if (waitMs > 0)
        throw tooMany(`too many requests: ${texts[activity]} ${own[activity].perSecond} a second`, waitMs);
    },
    charge(identity, activity, tokens) {
      accounts.of(identity).purses[activity].charge(tokens);
    },
    enter(identity) {
      const { key, limits: own } = accounts.of(identity);
      return requests.enter(key, { most: own.requests, waiting: own.waiting });
    },
    work(identity, units) {
      const { key, limits: own } = accounts.of(identity);
      return heavy.enter(key, { most: own.work, waiting: own.waiting }, units);
    },
    watchTurns: (identity) => createWatchTurns(accounts.of(identity), reads),
    openWatch(identity) {
      const { key, limits: own } = accounts.of(identity);
      return watches.open(key, own.watches);
    },
    holdBytes(identity, amount) {
      const { key, limits: own } = accounts.of(identity);
      return bytes.open(key, own.waitingBytes, amount);
    },
    inUse: () => ({ watches: watches.total(), connections: connections.total(), waitingBytes: bytes.total() }),
    turnAway: (identity, bodyBytes) => refusals.turnAway(accounts.of(identity).key, bodyBytes),
    useConnection(identity, connection) {
      const { key, limits: own } = accounts.of(identity);
      let keys = known.get(connection);
      if (keys === undefined) known.set(connection, (keys = new Set()));
      if (keys.has(key) || connection.destroyed) return;
      const release = connections.open(key, own.connections);
      keys.add(key);
      connection.once('close', release);
    },
  };
}

const texts: Readonly<Record<Activity, string>> = {
  read: 'reads are limited to',
  write: 'writes are limited to',
  watch: 'starts of watches are limited to',
  review: 'reviews are limited to',
};

function purseMaker({ pool, onTrouble }: RequestLimitOptions): MakePurse {
  if (pool === undefined) return (_name, budget) => createPurse(budget);
  let toldMs = -Infinity;
  const tell = (error: unknown): void => {
    if (performance.now() - toldMs < troubleEveryMs) return;
    toldMs = performance.now();
    onTrouble?.(error);
  };
  return (name, budget) => createSharedPurse(name, budget, pool, tell);
}
