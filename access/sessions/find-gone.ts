import type { Revocations } from '../../store/credentials/revocations.ts';
import type { Store } from '../../store/types.ts';
import { bytesOf } from '../tokens/fingerprint.ts';
import { isStill } from './ground.ts';
import { readObjects } from './read-objects.ts';
import type { FindGone } from './session-pool.ts';

/** Looks in the database which credentials are no longer good: one query for what was revoked, one for the objects. */
export function findGoneIn(store: Pick<Store, 'getPlaces'>, revocations: Pick<Revocations, 'among'>): FindGone {
  return async (grounds) => {
    const objects = grounds.flatMap((ground, index) => ground.objects.map((object) => ({ index, object })));
    const [revoked, found] = await Promise.all([
      revocations.among(grounds.map(({ fingerprint }) => bytesOf(fingerprint))),
      readObjects(
        store,
        objects.map(({ object }) => object),
      ),
    ]);
    const hashes = new Set(revoked.map((hash) => hash.toString('base64url')));
    return new Set([
      ...grounds.flatMap(({ fingerprint }, index) => (hashes.has(fingerprint) ? [index] : [])),
      ...objects.flatMap(({ index, object }, position) => (isStill(object, found[position]) ? [] : [index])),
    ]);
  };
}
