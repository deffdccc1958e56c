import type { Enqueue } from './deps.ts';
import type { Queues } from './queue/queues.ts';
import { textOfKey } from './reconcile-key.ts';

/** Wakes controllers for keys; calls of one turn of the event loop go together. */
export function createEnqueue(queues: Queues): Enqueue {
  const waiting = new Map<string, { readonly keys: Set<string>; readonly added: Promise<void> }>();

  return (controller, key) => {
    let batch = waiting.get(controller);
    if (batch === undefined) {
      const keys = new Set<string>();
      const added = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting.delete(controller);
        return queues.add(controller, [...keys]);
      });
      batch = { keys, added };
      waiting.set(controller, batch);
    }
    batch.keys.add(textOfKey(key));
    return batch.added;
  };
}
