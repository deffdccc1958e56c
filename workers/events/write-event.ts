import { isStoreError } from '../../store/errors.ts';
import type { Store } from '../../store/types.ts';
import { workerContext } from '../objects/worker-context.ts';
import { newEvent, type Occurrences, placeOfEvent, time } from './event-object.ts';

/** Name under which events are written and their fields owned. */
const writer = 'events';

/**
 * Writes occurrences of an event: makes it, or counts them in the one that is there. `known` says that one is there, which
 * saves an attempt. Throws StoreError, such as in a namespace that is being deleted.
 */
export async function writeEvent(store: Store, occurrences: Occurrences, known: boolean): Promise<void> {
  if (known && (await countMore(store, occurrences))) return;
  try {
    await store.create(workerContext(writer, occurrences.occurrence), 'Event', newEvent(occurrences));
  } catch (error) {
    if (!isStoreError(error, 'AlreadyExists')) throw error;
    await countMore(store, occurrences);
  }
}

/** Answers false when the event is not there. */
async function countMore(store: Store, { occurrence, count, lastMs }: Occurrences): Promise<boolean> {
  const context = workerContext(writer, occurrence);
  try {
    await store.update(context, 'Event', placeOfEvent(occurrence), (event) => ({
      ...event,
      involvedObject: { ...event.involvedObject, ...occurrence.about },
      count: (event.count ?? 1) + count,
      lastTimestamp: time(lastMs),
    }));
    return true;
  } catch (error) {
    if (isStoreError(error, 'NotFound')) return false;
    throw error;
  }
}
