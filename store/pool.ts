import pg from 'pg';

/** How the store reaches Postgres. */
export interface PoolOptions {
  readonly url: string;
  /** Most connections at a time. Default 12. */
  readonly max?: number;
  readonly name?: string;
}

/**
 * Pool whose transactions commit without waiting for the disk; whoever acknowledges a write waits for a commit that does
 * (see write.ts and flush.ts). An error on an idle connection is not fatal: the next query reports it.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 12,
    application_name: options.name ?? 'datum',
    options: '-c synchronous_commit=off -c jit=off -c timezone=UTC',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on('error', () => {});
  return pool;
}
