import type { Pool } from 'pg';
import { keysOfKind } from '../../../store/dependents.ts';
import type { Controller } from '../controller.ts';
import type { Queues } from '../queue/queues.ts';
import { textOfKey } from '../reconcile-key.ts';

/** Enqueues every key of every controller, so that whatever was missed is found. */
export async function scanAll(options: {
  readonly pool: Pool;
  readonly controllers: readonly Controller[];
  readonly queues: Queues;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { pool, controllers, queues, signal } = options;
  for (const controller of controllers) {
    const pages = controller.scan === undefined ? ownKeys(pool, controller) : [await controller.scan()];
    for await (const keys of pages) {
      if (signal.aborted) return;
      await queues.add(controller.name, keys.map(textOfKey));
    }
  }
}

async function* ownKeys(pool: Pool, { kind }: Controller) {
  for await (const page of keysOfKind(pool, kind))
    yield page.map(({ project, namespace, name }) => ({ project, namespace, name }));
}
