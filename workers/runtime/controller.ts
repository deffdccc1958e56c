import type { Key } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';

/** What a reconciler is asked to look at: a name, never an event. */
export interface ReconcileKey extends Key {
  readonly project: string;
  /** Kind of the object; given only to controllers of every kind. */
  readonly kind?: string;
}

/** Done until something changes, or look again after a while. An error that is thrown backs off. */
export type Outcome = { readonly done: true } | { readonly againAfterMs: number };

export const done: Outcome = { done: true };

/** Look at the same key again after a while. */
export function againAfter(againAfterMs: number): Outcome {
  return { againAfterMs };
}

/** How a change of another kind leads to keys of the controller's own. */
export type Watch =
  /** The changed object's owners of the controller's kind. */
  | { readonly kind: string; readonly via: 'owner' }
  /** Objects of the controller's kind that refer to the changed one by a field with @ref. */
  | { readonly kind: string; readonly via: 'referrer' }
  /** The object of the controller's kind that the changed one refers to by a field with @ref. */
  | { readonly kind: string; readonly via: 'reference' }
  /** Anything else, of one kind or of every kind (`*`). */
  | { readonly kind: string; readonly via: 'map'; readonly map: MapChange };

/** Keys that a change concerns; a key names its kind only for controllers of every kind, its project only where it is another. */
export type MapChange = (change: Change, store: Store) => readonly MappedKey[] | Promise<readonly MappedKey[]>;
export type MappedKey = Key & { readonly kind?: string; readonly project?: string };

/** One reconciler: how it is woken and what it does. Every field of status has one writer, declared in `writes`. */
export interface Controller {
  /** Name of its folder; also the name of its queue and of its actor, `system:worker:<name>`. */
  readonly name: string;
  /** Kind whose keys it takes; changes of that kind wake it. `*` takes keys of every kind and is woken by its watches alone. */
  readonly kind: string;
  /** Whether a change of its own kind is worth a look. Absent: every one is. */
  concerns?(change: Change): boolean;
  readonly watches: readonly Watch[];
  /** `Kind.status.field` or `Kind.status.conditions[Type]`; two controllers that claim the same are refused at start. */
  readonly writes: readonly string[];
  /** Keys worked on at the same time in one process. Default 4. */
  readonly concurrency?: number;
  /** Keys that a full scan looks at. Absent: every object of its kind. */
  scan?(): Promise<readonly ReconcileKey[]>;
  reconcile(key: ReconcileKey): Promise<Outcome>;
}
