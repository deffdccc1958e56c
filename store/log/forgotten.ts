import { StoreError } from '../errors.ts';
import type { Revision } from '../types.ts';

/** Expired: a revision from before the history that is kept. The error carries the floor as its object's revision. */
export function forgotten(asked: Revision, floor: Revision): StoreError {
  return new StoreError(
    'Expired',
    `revision ${asked} is older than the history that is kept, which starts after ${floor}`,
    { object: { revision: String(floor) } },
  );
}
