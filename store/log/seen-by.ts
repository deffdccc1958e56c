import type { Resource } from '../../kinds/object.ts';
import type { Stored } from '../stored.ts';
import type { Change } from '../types.ts';

/** Which objects a watcher sees. */
export interface Sight {
  readonly project: string;
  readonly kind: string;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** Absent: any. */
  readonly namespaces?: ReadonlySet<string> | undefined;
  /** What else must hold; absent: nothing, and no object has to be parsed to know. */
  readonly matches?: ((object: Resource) => boolean) | undefined;
}

/** One change as a watcher sees it. */
export interface Seen {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly stored: Stored;
}

/** Whether a watcher may see a change, as far as that can be told without looking at the object. */
export function concerns({ project, kind, namespace, namespaces }: Sight, change: Change): boolean {
  return (
    change.kind === kind &&
    change.project === project &&
    (namespace === undefined || change.key.namespace === namespace) &&
    (namespaces === undefined || namespaces.has(change.key.namespace))
  );
}

/** The watcher's view of a change: an object that starts or stops matching is ADDED or DELETED for it. */
export function seenBy(sight: Sight, change: Change): Seen | undefined {
  if (!concerns(sight, change)) return undefined;
  const { matches } = sight;
  const { after, before } = change;
  const isIn = matches === undefined || matches(after.object());
  const wasIn = before === undefined || matches === undefined ? isIn : matches(before.object());
  switch (change.type) {
    case 'ADDED':
      return isIn ? { type: 'ADDED', stored: after } : undefined;
    case 'DELETED':
      // The last write may remove a finalizer and a label at once: what counts is what the watcher saw.
      return wasIn ? { type: 'DELETED', stored: before ?? after } : undefined;
    case 'MODIFIED':
      if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', stored: after };
      return wasIn ? { type: 'DELETED', stored: before ?? after } : undefined;
  }
}
