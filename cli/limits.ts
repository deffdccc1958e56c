import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { redisTokenPool } from '../access/limits/redis-token-pool.ts';
import { createRequestLimits, type RequestLimits } from '../access/limits/request-limits.ts';
import type { TokenPool } from '../access/limits/shared-purse.ts';
import type { Config } from '../config.ts';
import { postgresTokenPool } from '../store/limits/token-pool.ts';

/** The limits of this process, which it shares with others where there may be any. */
export function openLimits(
  config: Config,
  postgres: Pool,
  logger: Logger,
  started: AsyncDisposableStack,
): RequestLimits {
  const pool = tokenPool(config, postgres);
  if (pool !== undefined) started.defer(() => pool.close());
  return createRequestLimits({
    settings: config.DATUM_LIMITS,
    pool,
    onTrouble: (err) => logger.warn({ err }, 'request budgets cannot be shared just now; this process counts alone'),
  });
}

/** Where processes share their budgets; nowhere in a product whose Postgres is its own. */
function tokenPool({ REDIS_URL: redis, DATABASE_URL: database }: Config, postgres: Pool): TokenPool | undefined {
  if (redis !== undefined) return redisTokenPool(redis);
  return database === undefined ? undefined : postgresTokenPool(postgres);
}
