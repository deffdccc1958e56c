import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Finding } from '../workers/gcp-orphans/sweep.ts';

const everyMs = 60 * 60_000;

/** Looks for orphans every hour, between half and one and a half, as long as it may, and tells what is found. */
export async function keepSweeping(
  sweepOnce: () => Promise<Finding[]>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sweepOnce().then(
      (findings) => tell(findings, logger),
      (error: unknown) => logger.warn({ err: error }, 'orphans could not be looked for'),
    );
    await sleep(everyMs * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
  }
}

function tell(findings: readonly Finding[], logger: Logger): void {
  for (const { orphan, outcome, message } of findings)
    if (outcome !== 'Suspected')
      logger.warn({ orphan, outcome, message }, 'nobody here knows of an object in the cloud');
}
