import type { Pool } from 'pg';

/** Makes everything that committed before the call safe on disk; calls that come together share one flush. */
export type Flush = () => Promise<void>;

/** Channel on which processes tell each other that the log grew. */
export const changeChannel = 'datum_change';

/**
 * For readers who found what may not be on disk yet; writes see to themselves (see write.ts). A caller that arrives while a
 * flush is running waits for the next one, since the running one may have begun before the commit that it is about. The same
 * round trip tells other processes to look at the log; `process` is by what they know whose notice it is.
 */
export function createFlush(pool: Pool, process: string): Flush {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function run(): Promise<void> {
    await pool.query({
      name: 'flush',
      text: `select set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'datum', ''), pg_notify('${changeChannel}', $1)`,
      values: [process],
    });
  }

  function start(): Promise<void> {
    const flushed = run().finally(() => {
      running = undefined;
    });
    running = flushed;
    return flushed;
  }

  return () => {
    if (running === undefined) return start();
    // A failed flush is its own callers' failure; those who wait for the next one start afresh.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
