import type { Informer, InformerOptions } from '../informer/informer.types.ts';
import type { Condition, WaitOptions } from '../wait/wait.types.ts';
import type { WatchEvent, WatchOptions } from '../watch/watch.types.ts';
import type { Key, KindType } from './kind.ts';
import type { List, ListOptions } from './list.ts';
import type { CallOptions } from './options.ts';
import type { Select, Selected, Strict } from './selection.types.ts';

/** What of an object is asked for; by default all but its relations. */
export interface Selecting<S, T extends KindType> {
  readonly select?: (S & Strict<S, Select<T>>) | undefined;
}

/** A namespace, where the kind has namespaces; absent: all. */
type Namespace<T extends KindType> = true extends T['namespaced']
  ? { readonly namespace?: string | undefined }
  : { readonly namespace?: undefined };

export interface WriteOptions extends CallOptions {
  /** Do all the work, answer what would be, keep nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface CreateOptions extends WriteOptions {
  /** The same key and input within 24 h answer with the first result again. By default a new one for each call. */
  readonly idempotencyKey?: string | undefined;
}

export interface UpdateOptions extends WriteOptions {
  /** Only if the object still has this `metadata.resourceVersion`. */
  readonly ifMatch?: string | undefined;
}

export interface ApplyOptions extends WriteOptions {
  /** Under which name the fields are owned; by default the client's. */
  readonly fieldManager?: string | undefined;
  /** Take fields over from other managers instead of refusing. */
  readonly force?: boolean | undefined;
}

export interface DeleteOptions extends UpdateOptions {
  /** Only if the object still has this uid. */
  readonly uid?: string | undefined;
  /** What becomes of the objects that it owns: deleted after it (the default), before it, or kept. */
  readonly propagation?: 'BACKGROUND' | 'FOREGROUND' | 'ORPHAN' | undefined;
}

/** The object as it was written. */
export interface Written<T> {
  readonly object: T;
  readonly warnings: readonly string[];
}

export interface Applied<T> extends Written<T> {
  /** Whether the object did not exist before. */
  readonly created: boolean;
}

export interface Deleted<T> extends Written<T> {
  /** False while finalizers keep it, and in a dry run. */
  readonly deleted: boolean;
}

/** What is merged into an object, or applied, with the name that says which. */
export type Manifest<T extends KindType> = Omit<T['patch'], 'metadata'> & {
  readonly metadata: Key<T> & (T['patch'] extends { metadata?: infer M } ? NonNullable<M> : unknown);
};

/** The objects of one kind. Every call rejects with a DatumError; its types are in `errors.ts`. */
export interface Resource<T extends KindType> {
  /** One object. Throws NotFoundError when there is none. */
  get<const S extends Select<T> | undefined = undefined>(
    which: Key<T> & CallOptions & Selecting<S, T>,
  ): Promise<Selected<T, S>>;
  /** One object, or undefined when there is none. */
  find<const S extends Select<T> | undefined = undefined>(
    which: Key<T> & CallOptions & Selecting<S, T>,
  ): Promise<Selected<T, S> | undefined>;
  list<const S extends Select<T> | undefined = undefined>(
    which?: Namespace<T> & ListOptions & Selecting<S, T>,
  ): List<Selected<T, S>>;
  /** Makes a new object. Tried again after a broken connection: it is made once. */
  create<const S extends Select<T> | undefined = undefined>(
    input: T['input'],
    options?: CreateOptions & Selecting<S, T>,
  ): Promise<Written<Selected<T, S>>>;
  /** Merges: what is absent stays, null clears, lists are replaced. */
  update<const S extends Select<T> | undefined = undefined>(
    key: Key<T>,
    patch: T['patch'],
    options?: UpdateOptions & Selecting<S, T>,
  ): Promise<Written<Selected<T, S>>>;
  /** Server-side apply: makes the fields so and lays claim to them; creates the object where there is none. */
  apply<const S extends Select<T> | undefined = undefined>(
    manifest: Manifest<T>,
    options?: ApplyOptions & Selecting<S, T>,
  ): Promise<Applied<Selected<T, S>>>;
  delete<const S extends Select<T> | undefined = undefined>(
    key: Key<T>,
    options?: DeleteOptions & Selecting<S, T>,
  ): Promise<Deleted<Selected<T, S>>>;
  /** Every change once and in order, through restarts and broken connections; see WatchEvent. */
  watch<const S extends Select<T> | undefined = undefined>(
    which?: Namespace<T> & WatchOptions & Selecting<S, T>,
  ): AsyncIterableIterator<WatchEvent<Selected<T, S>>>;
  /** A copy of the objects that is kept up to date. */
  informer<const S extends Select<T> | undefined = undefined, I extends string = never>(
    which?: Namespace<T> & InformerOptions<Selected<T, S>, I> & Selecting<S, T>,
  ): Informer<Selected<T, S>, I>;
  /** Waits until the object is gone. Throws NotReadyError after the timeout. */
  waitFor(key: Key<T>, condition: 'deleted', options?: WaitOptions): Promise<undefined>;
  /**
   * Waits until a condition holds and answers the object. Throws NotReadyError when it is deleted meanwhile, and after the
   * timeout, with the reason of the object's own conditions.
   */
  waitFor(key: Key<T>, condition: Condition<T['object']>, options?: WaitOptions): Promise<T['object']>;
}
