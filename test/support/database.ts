import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** A fresh database with the current schema, or as another is; `drop` when done. Call it once per test file, or per test that needs its own. */
export async function createDatabase(from = 'datum'): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const template = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(template, `create database ${name} template ${from} strategy file_copy`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await abandoned(template, name);
      await asAdmin(template, `drop database if exists ${name} with (force)`);
    },
  };
}

const goodbyeMs = 5_000;

/** Waits until connections that said goodbye are gone: those cut off by the drop would fail the test file. */
async function abandoned(template: string, name: string): Promise<void> {
  const deadline = Date.now() + goodbyeMs;
  await asAdmin(template, async (client) => {
    for (;;) {
      const { rowCount } = await client.query('select from pg_stat_activity where datname = $1', [name]);
      if (rowCount === 0 || Date.now() > deadline) return;
      await client.query('select pg_sleep(0.01)');
    }
  });
}

/** A database for the running test, dropped when it ends. */
export async function testDatabase(): Promise<string> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

/** A database without any schema for the running test, dropped when it ends. */
export async function emptyDatabase(): Promise<string> {
  const database = await createDatabase('template0');
  onTestFinished(() => database.drop());
  return database.url;
}

async function asAdmin(template: string, job: string | ((client: pg.Client) => Promise<void>)): Promise<void> {
  const url = new URL(template);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await (typeof job === 'string' ? client.query(job) : job(client));
  } finally {
    await client.end();
  }
}
