import type { Change } from '../../../store/types.ts';
import { continueTrace, isTracing, type Span } from '../../../telemetry/tracing/span.ts';
import type { TraceNotes } from '../queue/queues.ts';

/** Spans of the changes of one batch, from the log to the queue. */
export interface DispatchTraces {
  /** A change wakes a key of a controller. */
  wakes(change: Change, controller: string, key: string): void;
  /** Notes for the runs what they will be part of. Trouble costs the traces, never the work. */
  note(notes: TraceNotes): Promise<void>;
  end(): void;
}

/** Begins the spans; undefined where no write of the batch was traced. */
export function createDispatchTraces(batch: readonly Change[]): DispatchTraces | undefined {
  if (!isTracing()) return undefined;
  const spans = new Map<Change, Span>();
  for (const change of batch) {
    if (change.trace === undefined) continue;
    const span = continueTrace(`dispatch ${change.kind}`, {
      kind: 'producer',
      parent: change.trace,
      attributes: { 'datum.revision': String(change.revision) },
    });
    if (span !== undefined) spans.set(change, span);
  }
  if (spans.size === 0) return undefined;
  const byController = new Map<string, Map<string, string[]>>();
  return {
    wakes(change, controller, key) {
      const span = spans.get(change);
      if (span === undefined) return;
      let keys = byController.get(controller);
      if (keys === undefined) byController.set(controller, (keys = new Map()));
      const noted = keys.get(key);
      if (noted === undefined) keys.set(key, [span.traceparent]);
      else noted.push(span.traceparent);
    },
    async note(notes) {
      await Promise.all([...byController].map(([name, keys]) => notes.note(name, keys).catch(() => {})));
    },
    end() {
      for (const span of spans.values()) span.end();
    },
  };
}
