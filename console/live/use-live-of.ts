import type { allKinds, Kind } from '../../sdk/main.ts';
import { knownKinds } from '../catalog/known-kinds.ts';
import type { LiveQuery, LiveView } from './watched-objects.ts';
import { useLive } from './use-live.ts';

type Kinds = typeof allKinds;

/** An object of a kind by the name of its part of a client. */
type ObjectOf<M extends keyof Kinds> = Kinds[M] extends Kind<infer T> ? T['object'] : never;

interface LiveViewOf<M extends keyof Kinds> extends Pick<LiveView, 'isSynced' | 'error'> {
  readonly objects: readonly ObjectOf<M>[];
}

/**
 * Objects of one kind as a watch tells of them, with their types; those of all namespaces unless the query names one. What a
 * selection leaves out is not there, whatever the type says.
 */
export function useLiveOf<M extends keyof Kinds>(many: M, query: Omit<LiveQuery, 'kind'> = {}): LiveViewOf<M> {
  const known = knownKinds.get(many);
  const { objects, isSynced, error } = useLive(known && { kind: known.kind, ...query });
  return { objects: objects as unknown as readonly ObjectOf<M>[], isSynced, error };
}
