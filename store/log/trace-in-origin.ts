/**
 * The trace of a write travels in the origin of its change, which dispatchers in other processes read: as the first field of
 * its JSON, so that Postgres finds it by its place and older processes skip it.
 */
const start = '{"trace":"';

/** Origin of a change with the `traceparent` of its write. */
export function withTrace(origin: string | null, traceparent: string): string {
  return `${start}${traceparent}"${origin === null || origin === '{}' ? '}' : `,${origin.slice(1)}`}`;
}

/** What reads it out of a row of the change log. */
export const traceColumn = `case when origin like '${start}%' then substr(origin, ${start.length + 1}, 55) end as trace`;
