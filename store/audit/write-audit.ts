import { setTimeout as sleep } from 'node:timers/promises';
import { appendAudit, type AppendParts, hasNews } from './append.ts';
import { forgetOldRecords } from './forget-old-records.ts';

export interface AuditWriterOptions extends AppendParts {
  /** Records older than this go. */
  readonly keepMs: number;
  readonly onError: (error: unknown) => void;
}

const lookEveryMs = 1000;
const forgetEveryMs = 600_000;

/**
 * Writes audit until the signal aborts; meant for one process at a time. It looks into the database and not at the changes that
 * pass through this process, whose log may skip what nobody else reads. What takes it long gives everybody else as much time.
 */
export async function writeAudit(options: AuditWriterOptions, signal: AbortSignal): Promise<void> {
  let forgotAtMs = 0;
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await hasNews(options.pool))) {
        const begun = performance.now();
        const more = await appendAudit(options);
        if (!more) break;
        await pause(performance.now() - begun, signal);
      }
      if (Date.now() - forgotAtMs > forgetEveryMs) {
        await forgetOldRecords(options.pool, options.box, options.keepMs);
        forgotAtMs = Date.now();
      }
    } catch (error) {
      options.onError(error);
    }
    await pause(lookEveryMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
