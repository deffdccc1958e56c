import { type BatchOptions, batches } from '../../store/batches.ts';
import type { Page } from '../../store/page.ts';
import type { Target } from '../http/target.ts';
import { fromStore } from '../status/from-store.ts';

/** About how much of a list is in memory at a time. */
const batchBytes = 2 * 1024 * 1024;

/** A collection of which the first batch is there. */
export interface Reading {
  readonly first: Page;
  readonly rest: AsyncIterable<Page>;
}

/**
 * Starts to read a collection; what follows the first batch is read as it is asked for. Throws refusals as ApiError,
 * `Expired` also in the middle.
 */
export async function startReading(target: Target, options: BatchOptions): Promise<Reading> {
  const { store, context, served, namespace } = target;
  const kind = served.stored;
  if (kind === undefined) throw new Error(`${served.plural} are not stored`);
  const { inTurn = (work) => work() } = context;
  const read = (page: Parameters<typeof store.page>[2]): Promise<Page> =>
    inTurn(() => store.page(context, kind.id, page)).catch((error: unknown) =>
      Promise.reject(fromStore(error, { served, namespace, name: '', verb: 'read' })),
    );
  const rest = batches(read, kind, batchBytes, options);
  const { value: first } = await rest.next();
  // There is always one, if only to say that there is nothing.
  return { first: first!, rest };
}
