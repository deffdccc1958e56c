import { DEFAULT_SCHEMA, runMigrations } from 'bullmq';
import pg from 'pg';

/** Schema of BullMQ; it takes no other for a pool that is given. */
export const queueSchema = DEFAULT_SCHEMA;

/**
 * BullMQ writes an event row and a notification at every step of a job, for listeners that we do not have, and trims the
 * table each time. Without them a job costs a third less in Postgres (see README.md).
 */
const withoutEvents = `
  create or replace function ${queueSchema}.publish_event(p_queue text, p_event text, p_data jsonb) returns bigint
    language sql as 'select 0::bigint';
  create or replace function ${queueSchema}.discard_event() returns trigger language plpgsql as 'begin return null; end';
  create or replace trigger discard before insert on ${queueSchema}.event
    for each row execute function ${queueSchema}.discard_event();`;

/** Brings the schema of the queues to BullMQ's newest, one process at a time. */
export async function prepareQueueSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'datum queue schema' });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('datum queue schema'))`);
    await runMigrations(client, queueSchema);
    await client.query(withoutEvents);
  } finally {
    await client.end();
  }
}
