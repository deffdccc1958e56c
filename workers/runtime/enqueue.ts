import { currentSpan } from '../../telemetry/tracing/span.ts';
import type { Enqueue } from './deps.ts';
import type { Queues } from './queue/queues.ts';
import { textOfKey } from './reconcile-key.ts';

/** Wakes controllers for keys; calls of one turn of the event loop go together. */
export function createEnqueue(queues: Queues): Enqueue {
  const waiting = new Map<
    string,
    { readonly keys: Set<string>; readonly traces: Map<string, string[]>; readonly added: Promise<void> }
  >();

  return (controller, key) => {
    let batch = waiting.get(controller);
    if (batch === undefined) {
      const keys = new Set<string>();
      const traces = new Map<string, string[]>();
      const added = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
        waiting.delete(controller);
        if (traces.size > 0) await queues.traces.note(controller, traces).catch(() => {});
        return queues.add(controller, [...keys]);
      });
      batch = { keys, traces, added };
      waiting.set(controller, batch);
    }
    const text = textOfKey(key);
    batch.keys.add(text);
    const span = currentSpan();
    if (span !== undefined) batch.traces.set(text, [...(batch.traces.get(text) ?? []), span.traceparent]);
    return batch.added;
  };
}
