import type { Pool } from 'pg';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import { gauge } from '../telemetry/registry.ts';
import type { Queues } from '../workers/runtime/queue/queues.ts';

/** Measures the pool of connections to Postgres, and what reads the change log behind everybody's back. */
export function measureStore(pool: Pool, started: AsyncDisposableStack): void {
  started.defer(
    gauge(
      'datum_postgres_connections',
      'Connections of the store: used, idle, and requests that wait for one',
      ['state'],
      () => [
        { labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
        { labels: { state: 'idle' }, value: pool.idleCount },
        { labels: { state: 'waiting' }, value: pool.waitingCount },
      ],
    ),
  );
}

/** Measures how far dispatcher and audit are behind the change log; for the processes that may lead them. */
export function measureReaders(pool: Pool, started: AsyncDisposableStack): void {
  started.defer(
    gauge(
      'datum_reader_lag_seconds',
      'Age of the oldest change that a reader of the log has not dealt with',
      ['reader'],
      async () => {
        const { rows } = await pool.query<{ reader: string; age: number }>({
          name: 'reader-lag',
          text: `select reader, coalesce((select extract(epoch from now() - at) from change where change.revision > r.revision
                 order by change.revision limit 1), 0)::float8 as age
               from reader_cursor r where at > now() - interval '24 hours'`,
        });
        return rows.map(({ reader, age }) => ({ labels: { reader }, value: Math.max(0, age) }));
      },
    ),
  );
}

/** Measures what the doors hold open. */
export function measureLimits(limits: RequestLimits, started: AsyncDisposableStack): void {
  const of = (what: keyof ReturnType<RequestLimits['inUse']>) => () => [{ value: limits.inUse()[what] }];
  started.defer(gauge('datum_watches', 'Watches that are open at the doors of this process', [], of('watches')));
  started.defer(gauge('datum_connections', 'Connections of those who are known', [], of('connections')));
  started.defer(
    gauge('datum_waiting_bytes', 'Bytes that wait for slow clients, or come from them', [], of('waitingBytes')),
  );
}

/** Measures the queues of controllers. */
export function measureQueues(queues: Queues, names: readonly string[], started: AsyncDisposableStack): void {
  started.defer(
    gauge(
      'datum_queue_jobs',
      'Keys in the queues of controllers: waiting, active, delayed',
      ['controller', 'state'],
      async () => {
        const counts = await queues.counts(names);
        return counts.flatMap(({ name, waiting, active, delayed }) =>
          Object.entries({ waiting, active, delayed }).map(([state, value]) => ({
            labels: { controller: name, state },
            value,
          })),
        );
      },
    ),
  );
}
