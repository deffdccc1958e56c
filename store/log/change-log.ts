import pg, { type Pool } from 'pg';
import { StoreError } from '../errors.ts';
import { changeChannel, type Flush } from '../flush.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Change, Revision } from '../types.ts';
import { type FindKind, readLog } from './rows.ts';

const pageRows = 1000;
/** Changes kept in memory, so that a watch that starts from a fresh list costs no query. */
const ringSize = 4096;
const pollMs = 1000;

/** Called with each batch of changes in commit order; must not throw and must not wait. */
export type Listener = (changes: readonly Change[]) => void;

/**
 * The process's one ordered reader of the change log. It is woken by this process's own writes, by notifications of other
 * processes, and by a poll as safety net; it hands out only what is flushed to disk.
 */
export interface ChangeLog {
  /** Looks at the log soon. */
  wake(): void;
  /** Revision up to which listeners have been told. */
  position(): Revision;
  /** Tells `listener` of every change after the position that is answered, and `ended` when the log closes. */
  subscribe(listener: Listener, ended: () => void): { readonly position: Revision; readonly unsubscribe: () => void };
  /** Changes after `from` up to `to`, from memory or Postgres. Throws Expired when the history no longer reaches back. */
  replay(from: Revision, to: Revision): AsyncIterable<readonly Change[]>;
  close(): Promise<void>;
}

export async function startChangeLog(options: {
  readonly pool: Pool;
  readonly url: string;
  readonly flush: Flush;
  readonly findKind: FindKind;
  readonly box: SecretBox;
  /** Told when Postgres cannot be read, and undefined when it can again. */
  readonly onHealth: (error: Error | undefined) => void;
}): Promise<ChangeLog> {
  const { pool, flush, findKind, box } = options;
  const listeners = new Map<Listener, () => void>();
  let ring: Change[] = [];
  let position = await newestRevision(pool);
  /** Everything after this and up to `position` is in the ring. */
  let ringStart = position;
  let closed = false;
  let pulling: Promise<void> | undefined;
  let again = false;

  async function pull(): Promise<void> {
    for (let full = true; full && !closed;) {
      const page = await readLog(pool, findKind, box, position, pageRows);
      full = page.full;
      if (page.last === position) continue;
      await flush();
      position = page.last;
      ring.push(...page.changes);
      if (ring.length > 2 * ringSize) {
        ringStart = ring[ring.length - ringSize - 1]?.revision ?? ringStart;
        ring = ring.slice(-ringSize);
      }
      for (const listener of listeners.keys()) listener(page.changes);
    }
  }

  function wake(): void {
    if (closed) return;
    if (pulling !== undefined) {
      again = true;
      return;
    }
    pulling = pull()
      .then(
        () => options.onHealth(undefined),
        (error: unknown) => options.onHealth(error as Error),
      )
      .finally(() => {
        pulling = undefined;
        if (again) {
          again = false;
          wake();
        }
      });
  }

  const poll = setInterval(wake, pollMs);
  const stopListening = listen(options.url, wake);

  async function* replay(from: Revision, to: Revision): AsyncIterable<readonly Change[]> {
    for (let after = from; after < to;) {
      if (after >= ringStart) {
        const start = after;
        yield ring.filter(({ revision }) => revision > start && revision <= to);
        return;
      }
      const page = await readLog(pool, findKind, box, after, pageRows);
      if (after < page.floor)
        throw new StoreError(
          'Expired',
          `revision ${from} is older than the history that is kept, which starts after ${page.floor}`,
        );
      yield page.changes.filter(({ revision }) => revision <= to);
      if (page.last === after) return;
      after = page.last;
    }
  }

  return {
    wake,
    position: () => position,
    subscribe(listener, ended) {
      listeners.set(listener, ended);
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

/** Revision of the newest change, or the floor when the log is empty. */
export async function newestRevision(pool: Pool): Promise<Revision> {
  const { rows } = await pool.query<{ revision: string }>(
    'select greatest(floor, coalesce((select max(revision) from change), 0)) as revision from meta',
  );
  return BigInt(rows[0]?.revision ?? 0);
}

/** Listens for other processes' writes on a connection of its own and reconnects when it breaks; the poll covers the gap. */
function listen(url: string, wake: () => void): () => Promise<void> {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: 'datum listen', keepAlive: true });
    fresh.on('error', () => {});
    fresh.on('end', reconnect);
    fresh.on('notification', wake);
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
