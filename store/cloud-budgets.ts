import type { Pool } from 'pg';

/** Calls to clouds that all processes count together; see workers/clouds/gcp/shared-limiter.ts. */
export interface CloudBudgets {
  take(
    bucket: string,
    count: number,
    limit: number,
    windowMs: number,
  ): Promise<{ readonly granted: number; readonly endsInMs: number }>;
  drain(bucket: string, windowMs: number): Promise<void>;
}

/** The database's clock is the one that windows go by. */
const period = 'floor(extract(epoch from clock_timestamp()) * 1000 / $2)::bigint';
/** More than any limit. */
const drained = 1e12;

/** Windows are aligned to the clock, as Google's are to its minute. */
export function createCloudBudgets(pool: Pool): CloudBudgets {
  return {
    async take(bucket, count, limit, windowMs) {
      const { rows } = await pool.query<{ granted: string; ends_in_ms: number }>({
        name: 'cloud budget take',
        text: `insert into cloud_budget as b (bucket, period, used, granted)
            values ($1, ${period}, least($3::bigint, $4::bigint), least($3::bigint, $4::bigint))
          on conflict (bucket) do update set period = excluded.period,
            granted = case when b.period = excluded.period then greatest(0, least($3, $4 - b.used)) else excluded.granted end,
            used = case when b.period = excluded.period then b.used + greatest(0, least($3, $4 - b.used)) else excluded.used end
          returning granted, ((period + 1) * $2::float8 - extract(epoch from clock_timestamp())::float8 * 1000) as ends_in_ms`,
        values: [bucket, windowMs, count, limit],
      });
      const [row] = rows;
      return { granted: Number(row?.granted ?? 0), endsInMs: Math.max(1, Math.ceil(row?.ends_in_ms ?? windowMs)) };
    },
    async drain(bucket, windowMs) {
      await pool.query({
        name: 'cloud budget drain',
        text: `insert into cloud_budget (bucket, period, used, granted) values ($1, ${period}, ${drained}, 0)
          on conflict (bucket) do update set period = excluded.period, used = excluded.used, granted = 0`,
        values: [bucket, windowMs],
      });
    },
  };
}
