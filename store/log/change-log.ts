import pg, { type Pool } from 'pg';
import { changeChannel, type Flush } from '../flush.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import type { Change, Revision } from '../types.ts';
import { forgotten } from './forgotten.ts';
import { readLostRevisions } from './lost-revisions.ts';
import { createRing } from './ring.ts';
import { type FindKind, type LogPage, type LogScope, readLog } from './rows.ts';

const mostPageRows = 1000;
const leastPageRows = 16;
/** About how much of the log is read at once. */
const pageBytes = 16 * 1024 * 1024;
const ringMost = { changes: 8192, bytes: 64 * 1024 * 1024 };
const pollMs = 1000;

/** Called with each batch of changes in commit order; must not throw and must not wait. */
export type Listener = (changes: readonly Change[]) => void;

/** What readers of the log are given: see ChangeLog. */
export interface Feed {
  /** Revision up to which listeners have been told. */
  position(): Revision;
  /**
   * Tells `listener` of every change after the position that is answered, and `ended` when the log closes or lost changes:
   * what comes after that does not join on.
   */
  subscribe(listener: Listener, ended: () => void): { readonly position: Revision; readonly unsubscribe: () => void };
  /**
   * Changes after `from` up to `to`, from memory or Postgres; `scope` spares the work for others, but is no promise. Throws
   * Expired when the history no longer reaches back, or a restore undid it.
   */
  replay(from: Revision, to: Revision, scope?: LogScope): AsyncIterable<readonly Change[]>;
}

/**
 * The process's one ordered reader of the change log. It is woken by this process's own writes, by notifications of other
 * processes, and by a poll as safety net; it hands out only what is flushed to disk.
 */
export interface ChangeLog extends Feed {
  /** Looks at the log soon; everything up to `flushed` is known to be safe on disk. */
  wake(flushed?: Revision): void;
  /**
   * Resolves when everything up to a revision that was read is safe on disk: a reader must not be told what a crash of
   * Postgres could take back.
   */
  settled(revision: Revision): Promise<void>;
  /** Revision up to which everything is known to be safe on disk. */
  flushed(): Revision;
  close(): Promise<void>;
}

export async function startChangeLog(options: {
  readonly pool: Pool;
  readonly url: string;
  /** What this process says of itself when it tells others that the log grew. */
  readonly process: string;
  readonly flush: Flush;
  /** Resolves when what this process is writing right now, if anything, is safe on disk. */
  readonly underWay: () => Promise<void>;
  readonly findKind: FindKind;
  readonly box: SecretBox;
  /** Told when Postgres cannot be read, and undefined when it can again. */
  readonly onHealth: (error: Error | undefined) => void;
}): Promise<ChangeLog> {
  const { pool, flush, findKind, box } = options;
  const listeners = new Map<Listener, () => void>();
  const refuseLost = await readLostRevisions(pool);
  let position = await newestRevision(pool);
  await flush();
  let flushed = position;
  /** Holds everything after its start and up to `position`. */
  let ring = createRing(position, ringMost);
  let pullRows = mostPageRows;
  let closed = false;
  let pulling: Promise<void> | undefined;
  let again = false;

  async function settled(revision: Revision): Promise<void> {
    if (revision <= flushed) return;
    // Mostly it is this process's own write that was read, and that is made safe without a flush of its own.
    await options.underWay();
    if (revision <= flushed) return;
    await flush();
    if (revision > flushed) flushed = revision;
  }

  async function pull(): Promise<void> {
    for (let full = true; full && !closed;) {
      const page = await readLog(pool, findKind, box, position, pullRows);
      pullRows = rowsAfter(page);
      full = page.full;
      const isTorn = page.floor > position;
      const last = isTorn && page.floor > page.last ? page.floor : page.last;
      if (last === position) continue;
      await settled(last);
      position = last;
      if (isTorn) {
        // Changes were forgotten before they were read here: whoever listens must begin anew, or would never know.
        ring = createRing(page.floor, ringMost);
        for (const ended of listeners.values()) ended();
      }
      ring.add(page.changes);
      for (const listener of listeners.keys()) listener(page.changes);
    }
  }

  /** Goes on to the newest change without reading those before it: nobody listens. */
  async function skip(): Promise<void> {
    const newest = await newestRevision(pool);
    await settled(newest);
    // Whoever came meanwhile was told the old position.
    if (listeners.size > 0) return pull();
    if (newest <= position) return;
    position = newest;
    ring = createRing(newest, ringMost);
  }

  function wake(safe?: Revision): void {
    if (safe !== undefined && safe > flushed) flushed = safe;
    // What nobody reads is left for the next look, which the poll takes care of.
    if (listeners.size > 0) look();
  }

  function look(): void {
    if (closed) return;
    if (pulling !== undefined) {
      again = true;
      return;
    }
    pulling = (listeners.size > 0 ? pull() : skip())
      .then(
        () => options.onHealth(undefined),
        (error: unknown) => options.onHealth(error as Error),
      )
      .finally(() => {
        pulling = undefined;
        if (again) {
          again = false;
          look();
        }
      });
  }

  const poll = setInterval(look, pollMs);
  const stopListening = listen(options.url, (sender) => {
    // Its own writes wake it without this detour.
    if (sender !== options.process) wake();
  });

  async function* replay(from: Revision, to: Revision, scope?: LogScope): AsyncIterable<readonly Change[]> {
    refuseLost(from);
    let rows = mostPageRows;
    for (let after = from; after < to;) {
      if (after >= ring.start()) {
        yield ring.between(after, to);
        return;
      }
      const page = await readLog(pool, findKind, box, after, rows, scope);
      rows = rowsAfter(page);
      if (after < page.floor) throw forgotten(from, page.floor);
      yield page.changes.filter(({ revision }) => revision <= to);
      if (!page.full) return;
      after = page.last;
    }
  }

  return {
    wake,
    position: () => position,
    settled,
    flushed: () => flushed,
    subscribe(listener, ended) {
      listeners.set(listener, ended);
      if (listeners.size === 1) look();
      return { position, unsubscribe: () => void listeners.delete(listener) };
    },
    replay,
    async close() {
      closed = true;
      clearInterval(poll);
      await stopListening();
      await pulling;
      for (const ended of listeners.values()) ended();
    },
  };
}

/** How many rows to read after a page: as many of its size as may be in memory at once. */
function rowsAfter({ changes }: LogPage): number {
  const bytes = changes.reduce((sum, change) => sum + change.bytes, 0);
  const fitting = Math.floor((pageBytes * changes.length) / Math.max(1, bytes));
  return changes.length === 0 ? mostPageRows : Math.max(leastPageRows, Math.min(mostPageRows, fitting));
}

/** Revision of the newest change, or the floor when the log is empty. */
export async function newestRevision(pool: Pool): Promise<Revision> {
  const { rows } = await pool.query<{ revision: string }>(
    'select greatest(floor, coalesce((select max(revision) from change), 0)) as revision from meta',
  );
  return BigInt(rows[0]?.revision ?? 0);
}

/** Listens for other processes' writes on a connection of its own and reconnects when it breaks; the poll covers the gap. */
function listen(url: string, wake: (sender?: string) => void): () => Promise<void> {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: 'datum listen', keepAlive: true });
    fresh.on('error', () => {});
    fresh.on('end', reconnect);
    fresh.on('notification', ({ payload }) => wake(payload));
    client = fresh;
    try {
      await fresh.connect();
      await fresh.query(`listen ${changeChannel}`);
      wake();
    } catch {
      await fresh.end().catch(() => {});
    }
  }

  function reconnect(): void {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(() => void connect(), pollMs);
  }

  const connecting = connect();
  return async () => {
    closed = true;
    clearTimeout(retry);
    await connecting;
    await client?.end().catch(() => {});
  };
}
