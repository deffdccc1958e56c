import type { Logger } from 'pino';
import { leadWhileLocked } from '../store/leader.ts';

/** Does in one process at a time what several would only do twice. */
export function whileLeading(
  url: string,
  name: string,
  lead: (signal: AbortSignal) => Promise<void>,
  logger: Logger,
  started: AsyncDisposableStack,
): void {
  const stop = new AbortController();
  const ended = leadWhileLocked({
    url,
    name,
    signal: stop.signal,
    lead,
    onError: (error) => logger.warn({ err: error, name }, 'what one process does for all starts again'),
  });
  started.defer(async () => {
    stop.abort();
    await ended;
  });
}
