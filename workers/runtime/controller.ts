import type { Key } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';

/** What a reconciler is asked to look at: a name, never an event. */
export interface ReconcileKey extends Key {
  readonly project: string;
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
  /** Anything else; keys are in the change's project. */
  | { readonly kind: string; readonly via: 'map'; readonly map: (change: Change, store: Store) => readonly Key[] | Promise<readonly Key[]> };

/** One reconciler: how it is woken and what it does. Every field of status has one writer, declared in `writes`. */
export interface Controller {
  /** Name of its folder; also the name of its queue and of its actor, `system:worker:<name>`. */
  readonly name: string;
  /** Kind whose keys it takes; its own changes always wake it. */
  readonly kind: string;
  readonly watches: readonly Watch[];
  /** `Kind.status.field` or `Kind.status.conditions[Type]`; two controllers that claim the same are refused at start. */
  readonly writes: readonly string[];
  /** Keys worked on at the same time in one process. Default 4. */
  readonly concurrency?: number;
  reconcile(key: ReconcileKey): Promise<Outcome>;
}
