import { EventEmitter } from 'node:events';
import type { PgPool, PgPoolClient } from 'bullmq';
import pg from 'pg';
import { queueSchema } from './postgres-schema.ts';

/**
 * Queries at a time, of all queues of the process together. Few, because a job moves in one short statement, and because
 * statements of one queue that run at once can deadlock.
 */
const connections = 3;
const deadlock = '40P01';
const deadlockRetries = 10;

/** What BullMQ uses of a pool, for all its workers and queues of this process. */
export interface QueuePool extends PgPool {
  close(): Promise<void>;
}

/**
 * BullMQ would keep a pool and a listening connection per worker and prepare nothing. Here the workers share a small pool
 * and one listener (every notification wakes every listener of the database), statements are prepared once per connection,
 * and a statement that lost a deadlock is tried again: each is a transaction of its own.
 */
export function openQueuePool(url: string): QueuePool {
  const config = {
    connectionString: url,
    application_name: 'datum queue',
    // The queue may be lost, so nobody waits for the disk.
    options: `-c search_path=${queueSchema} -c synchronous_commit=off -c jit=off`,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...config, max: connections });
  pool.on('error', () => {});
  const names = new Map<string, string>();
  const listener = sharedListener(config);

  async function query(text: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `queue_${names.size}`));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await pool.query({ name, text, values: [...(values ?? [])] });
      } catch (error) {
        if ((error as { code?: string }).code !== deadlock || attempt >= deadlockRetries) throw error;
      }
    }
  }

  const facade = {
    options: { keepAlive: true },
    query,
    connect: () => listener.connect(),
    // BullMQ does not end a pool that it was given, and errors of idle connections show in the next query.
    end: async () => {},
    on: () => facade,
    removeAllListeners: () => facade,
    async close() {
      await listener.close();
      await pool.end();
    },
  };
  return facade as unknown as QueuePool;
}

/** Clients that share one connection for LISTEN; when it breaks, each of them reports it and is made anew by its user. */
function sharedListener(config: pg.ClientConfig): { connect(): Promise<PgPoolClient>; close(): Promise<void> } {
  const clients = new Set<EventEmitter>();
  let shared: Promise<pg.Client> | undefined;

  async function open(onBroken: (error: Error) => void): Promise<pg.Client> {
    const client = new pg.Client({ ...config, keepAliveInitialDelayMillis: 10_000 });
    client.on('error', onBroken);
    client.on('end', () => onBroken(new Error('the connection of the queue listener ended')));
    client.on('notification', (message) => clients.forEach((one) => one.emit('notification', message)));
    await client.connect();
    return client;
  }

  function connection(): Promise<pg.Client> {
    if (shared !== undefined) return shared;
    const opening = open((error) => {
      if (shared !== opening) return;
      shared = undefined;
      for (const one of clients) if (one.listenerCount('error') > 0) one.emit('error', error);
    });
    opening.catch(() => {
      if (shared === opening) shared = undefined;
    });
    shared = opening;
    return opening;
  }

  /** One after the other, as a connection wants it. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(query: () => Promise<T>): Promise<T> {
    const result = last.then(query);
    last = result.catch(() => {});
    return result;
  }

  return {
    async connect() {
      const client = await connection();
      const one = Object.assign(new EventEmitter(), {
        query: (text: string, values?: unknown[]) => inTurn(() => client.query(text, values)),
        release: () => void clients.delete(one),
      });
      clients.add(one);
      return one as unknown as PgPoolClient;
    },
    async close() {
      clients.clear();
      const client = await shared?.catch(() => undefined);
      await client?.end();
    },
  };
}
