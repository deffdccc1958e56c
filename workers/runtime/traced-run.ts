import { continueTrace, runIn } from '../../telemetry/tracing/span.ts';
import type { TraceNotes } from './queue/queues.ts';

/**
 * Runs a key as part of the newest trace that it was added for, linked to the others. A key that nobody's request led to,
 * such as of a full scan, is not traced. Trouble with notes costs the trace, never the run.
 */
export async function tracedRun<T extends { readonly go: string }>(
  traces: TraceNotes,
  controller: string,
  key: string,
  run: () => Promise<T>,
): Promise<T> {
  const noted = await traces.take(controller, key).catch((): readonly string[] => []);
  const parent = noted.at(-1);
  const span = continueTrace(`reconcile ${controller}`, {
    kind: 'consumer',
    parent,
    links: noted.slice(0, -1),
    attributes: { 'datum.controller': controller, 'datum.key': key },
  });
  if (span === undefined || parent === undefined) return run();
  try {
    const next = await runIn(span, run);
    // The same work goes on later: when its time has come, or when the cloud has done what was asked of it.
    if (next.go !== 'done' || span.hasChangedCloud)
      await traces.note(controller, new Map([[key, [parent]]])).catch(() => {});
    span.end({ 'datum.next': next.go });
    return next;
  } finally {
    span.end({}, 'Error');
  }
}
