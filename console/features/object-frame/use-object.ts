import { useRef } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { useLive } from '../../live/use-live.ts';
import type { ObjectKey } from '../../routing/paths.ts';

/** An object as it is now. */
export type LiveObject =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly object: AnyObject }
  /** It was there while one looked. */
  | { readonly state: 'deleted'; readonly last: AnyObject }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly error: unknown };

/** One object, live. */
export function useObject({ facts, kind }: KnownKind, { namespace, name }: ObjectKey): LiveObject {
  const { error, isSynced, objects } = useLive({
    kind,
    namespace: facts.namespaced ? namespace : undefined,
    fieldSelector: `metadata.name=${name}`,
  });
  const last = useRef<AnyObject>(undefined);
  const [object] = objects;
  if (object !== undefined) {
    last.current = object;
    return { state: 'there', object };
  }
  if (error !== undefined) return { state: 'failed', error };
  if (!isSynced) return { state: 'loading' };
  return last.current === undefined ? { state: 'missing' } : { state: 'deleted', last: last.current };
}
