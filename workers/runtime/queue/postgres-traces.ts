import type { QueuePool } from './postgres-pool.ts';
import { mostTraces, type TraceNotes, traceSecs } from './queues.ts';

/** Beside the jobs. Unlogged, since like them it may be lost. */
const table = `create unlogged table if not exists datum_trace (
    queue text, key text, traces text[] not null, at timestamptz not null default now(), primary key (queue, key))`;

const note = `insert into datum_trace (queue, key, traces) select $1, s.key, string_to_array(s.traces, ' ')
    from unnest($2::text[], $3::text[]) as s (key, traces) order by s.key
  on conflict (queue, key) do update set at = now(), traces =
    (datum_trace.traces || excluded.traces)[greatest(1, cardinality(datum_trace.traces || excluded.traces) - ${mostTraces - 1}):]`;
const take = `delete from datum_trace where queue = $1 and key = $2 returning traces, at > now() - interval '${traceSecs} seconds' as fresh`;
const forget = `delete from datum_trace where at < now() - interval '${traceSecs} seconds'`;

/** Notes in the schema of the queues, whose table is made when it is first used. */
export function postgresTraces(pool: QueuePool): TraceNotes {
  let made: Promise<unknown> | undefined;
  /** Makes the table; two processes that do so at once may fail one another. */
  const ready = (): Promise<unknown> =>
    (made ??= pool
      .query(table)
      .catch(() => pool.query(table))
      .then(() => pool.query(forget))
      .catch((error: unknown) => {
        made = undefined;
        throw error;
      }));
  return {
    async note(name, traces) {
      await ready();
      await pool.query(note, [name, [...traces.keys()], [...traces.values()].map((all) => all.join(' '))]);
    },
    async take(name, key) {
      await ready();
      const { rows } = await pool.query(take, [name, key]);
      const [row] = rows as { traces: string[]; fresh: boolean }[];
      return row?.fresh === true ? row.traces : [];
    },
  };
}
