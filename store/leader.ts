import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { setLeading } from '../telemetry/leading.ts';

const retryMs = 1000;

/**
 * Does `lead` in one process at a time, of all that share the database and the name: holds a session lock of Postgres, which
 * a dead process loses at once. `lead` must end when its signal aborts (the lock was lost, or `signal` aborted); when it ends
 * or throws otherwise, it is started again. Resolves once `signal` has aborted; never rejects.
 */
export async function leadWhileLocked(options: {
  readonly url: string;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly lead: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): Promise<void> {
  const { url, name, signal, lead, onError } = options;
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: url, application_name: `datum leader ${name}`, keepAlive: true });
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    const term = AbortSignal.any([signal, lost.signal]);
    try {
      await client.connect();
      while (!term.aborted && !(await lock(client, name))) await pause(term);
      setLeading(name, true);
      while (!term.aborted) {
        await lead(term);
        await pause(term);
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    setLeading(name, false);
    await client.end().catch(() => {});
    await pause(signal);
  }
}

async function lock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ won: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 4711)) as won',
    [name],
  );
  return rows[0]?.won === true;
}

async function pause(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => {});
}
