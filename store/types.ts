import type { KindTypes } from '../kinds/generated/types.ts';
import type { Rights } from '../kinds/admit.ts';
import type { Key, Resource } from '../kinds/object.ts';
import type { Feed } from './log/change-log.ts';
import type { Page, PageOptions } from './page.ts';
import type { Stored } from './stored.ts';

/** Who asks, and in which project: travels with every call. */
export interface RequestContext {
  /** Projects share nothing but the revision sequence. */
  readonly project: string;
  /** User name, such as `admin` or `system:worker:network`; recorded with every change. */
  readonly actor: string;
  /** Name under which fields are owned, such as `graphql` or `kubectl`. */
  readonly manager: string;
  /** Group and version under which fields are owned, where that is not the kind's own: `events.k8s.io/v1`. */
  readonly ownedAs?: string;
  /** Id that finds the request in logs and audit. */
  readonly requestId?: string;
  /** What the caller may do besides this request, asked by admission; absent for the product's own, who may do all. */
  readonly rights?: Rights;
  /**
   * Who asks and from where, as text (see store/audit/write-origin.ts); absent for the product's own writes. Asked by writes
   * only. A function and no getter: with a getter of its own each context would be slow to read (its properties a dictionary).
   */
  readonly origin?: () => string;
  /** `traceparent` of the request; absent: that of the running work, if it is traced. */
  readonly trace?: string | undefined;
  /** Takes turns with others for each read of a watch; absent for the product's own, which read at once. */
  readonly inTurn?: InTurn | undefined;
}

/** Does one piece of work when its turn has come. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Type of the objects of a kind: generated for ours, plain for kinds that users define. */
export type ObjectOf<K extends string> = K extends keyof KindTypes ? KindTypes[K] : Resource;

/** Kind and key of an object. */
export interface Place extends Key {
  readonly kind: string;
}

/** What a caller sends to create: metadata needs a name or a generateName, the rest is the store's. */
export type NewObject = {
  metadata: { name?: string; generateName?: string; namespace?: string } & Record<string, unknown>;
} & Record<string, unknown>;

/** Position in the history of all objects; rises with every committed change. Decimal, may exceed 2^53. */
export type Revision = bigint;

/** What a write does with fields that the schema does not know. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  /** Do all the work, answer what would be, and keep nothing. */
  readonly dryRun?: boolean;
  /** Default Strict. */
  readonly fieldValidation?: FieldValidation;
}

export interface CreateOptions extends WriteOptions {
  /** The same key, actor and input within 24 h answers with the first result again. */
  readonly idempotencyKey?: string;
}

export interface UpdateOptions extends WriteOptions {
  /** `status` writes only status; without it everything but status is written. */
  readonly subresource?: 'status';
  /** Name of the subresource in managed fields where the write came by another path than status: `scale`. */
  readonly managedAs?: 'scale' | 'finalize';
  /** The write happens only if the object still has this resourceVersion. */
  readonly ifMatch?: string;
  /** The write happens only if the object still has this uid. */
  readonly uid?: string;
  /** `change` alters nothing of what it gets, which saves copying it. */
  readonly isReadOnly?: boolean;
  /** The object as the caller just read it, which saves reading it again; when it is stale after all, it is read. */
  readonly startFrom?: Resource;
}

export interface ApplyOptions extends WriteOptions {
  /** `status` applies only status. */
  readonly subresource?: 'status';
  /** Takes fields over from other managers instead of refusing. */
  readonly force?: boolean;
}

export interface ApplyResult<T> extends WriteResult<T> {
  /** Whether the object did not exist before. */
  readonly created: boolean;
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions extends WriteOptions {
  readonly ifMatch?: string;
  readonly uid?: string;
  /** What happens to owned objects. Default Background. */
  readonly propagation?: Propagation;
  /** Deletes what exists as long as its project, too. */
  readonly atEndOfProject?: boolean;
}

export interface WriteResult<T> {
  readonly object: T;
  /** False when the write changed nothing; the revision is then the old one. */
  readonly changed: boolean;
  readonly warnings: readonly string[];
  /** The object as JSON text, where writing it made that anyway. */
  readonly text?: string;
}

/** `deleted` is false while finalizers keep the object; `object` is its last state. */
export interface DeleteResult<T> {
  readonly object: T;
  readonly deleted: boolean;
}

/** Which objects of a kind; everything that is given must hold. */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Only in these namespaces: what somebody may see of them all. */
  readonly namespaces?: readonly string[];
  /** Only objects of these names. */
  readonly names?: readonly string[];
  /** Kubernetes syntax: `tier=edge,env in (a, b),!old`. */
  readonly labelSelector?: string;
  /** Kubernetes syntax: `metadata.name=web`. */
  readonly fieldSelector?: string;
  /** Only objects that have this text in name, namespace, a label as `key=value`, or a selectable field, in whatever case. */
  readonly text?: string;
  /** Only objects that have this uid among their owners. */
  readonly owner?: string;
  /** Only objects that refer to this one through a field with @ref. */
  readonly refersTo?: { readonly kind: string } & Key;
}

export type Order = 'name' | '-name' | 'created' | '-created';

export interface ListOptions extends Selection {
  /** At most this many items; absent: all. */
  readonly limit?: number;
  /** Cursor of the last item seen. */
  readonly after?: string;
  /** Default `name`: by namespace, then name. */
  readonly order?: Order;
}

export interface ListResult<T> {
  readonly items: readonly T[];
  /** A watch from here misses nothing and repeats nothing. */
  readonly revision: Revision;
  /** Cursor of each item, in the same order. */
  readonly cursors: readonly string[];
  readonly hasMore: boolean;
}

/** What sets one of several lists apart: the object that its items refer to, or are owned by. All have the same form. */
export type Anchor = Pick<Selection, 'namespace' | 'owner' | 'refersTo'>;

export interface WatchOptions extends Selection {
  /** Start after this revision; absent: the current state first, as ADDED, then a BOOKMARK. */
  readonly from?: Revision;
  readonly signal?: AbortSignal;
  /** Longest silence between two events, filled with a BOOKMARK. Default 30 s. */
  readonly bookmarkEveryMs?: number;
}

/**
 * DELETED carries the last state that the watcher could see. BOOKMARK says that everything up to its revision was
 * delivered; the first one of a watch without `from` ends the initial state (`initialEnd`).
 */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T; readonly revision: Revision }
  | { readonly type: 'BOOKMARK'; readonly revision: Revision; readonly initialEnd?: boolean };

/** One committed change of any object, as the dispatcher, audit and watches read it. */
export interface Change {
  readonly revision: Revision;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly project: string;
  readonly kind: string;
  readonly key: Key;
  readonly uid: string;
  /** State after the change; for DELETED the last state. */
  readonly after: Stored;
  /** State before, kept where a watcher might tell the two apart and where the log may have forgotten it. */
  readonly before?: Stored | undefined;
  /** `after`, parsed. */
  readonly object: Resource;
  /** `before`, parsed. */
  readonly previous: Resource | undefined;
  /** Length of the texts, for those who keep many. */
  readonly bytes: number;
  readonly actor: string;
  readonly manager: string;
  /** `traceparent` of the write, where it was traced and this process traces. */
  readonly trace?: string | undefined;
}

/** The store: seven verbs; everything else is built from them. All refuse with StoreError. */
export interface Store {
  get<K extends string>(context: RequestContext, kind: K, key: Key): Promise<ObjectOf<K> | undefined>;
  /** Batched get: the answer has one entry per key, in order. */
  getMany<K extends string>(
    context: RequestContext,
    kind: K,
    keys: readonly Key[],
  ): Promise<(ObjectOf<K> | undefined)[]>;
  /** Batched get of objects of any kinds. */
  getPlaces(context: RequestContext, places: readonly Place[]): Promise<(Resource | undefined)[]>;
  list<K extends string>(context: RequestContext, kind: K, options?: ListOptions): Promise<ListResult<ObjectOf<K>>>;
  /** Batched list: the first page for each anchor, in order. */
  listMany<K extends string>(
    context: RequestContext,
    kind: K,
    anchors: readonly Anchor[],
    options?: Omit<ListOptions, keyof Anchor | 'after'>,
  ): Promise<ListResult<ObjectOf<K>>[]>;
  create<K extends string>(
    context: RequestContext,
    kind: K,
    object: NewObject,
    options?: CreateOptions,
  ): Promise<WriteResult<ObjectOf<K>>>;
  /**
   * Reads the object, lets `change` make the next state out of a copy, and writes it; on a race it reads and asks again,
   * unless `ifMatch` is given or the state that `change` returns carries another resourceVersion than the one read.
   */
  update<K extends string>(
    context: RequestContext,
    kind: K,
    key: Key,
    change: (current: ObjectOf<K>) => ObjectOf<K> | undefined,
    options?: UpdateOptions,
  ): Promise<WriteResult<ObjectOf<K>>>;
  /**
   * Server-side apply: makes the fields of `applied` so, and removes those that `context.manager` applied before and no
   * longer does. Creates the object where there is none. Refuses with ApplyConflict when another manager owns a field that
   * would change, unless `force`.
   */
  apply<K extends string>(
    context: RequestContext,
    kind: K,
    key: Key,
    applied: Readonly<Record<string, unknown>>,
    options?: ApplyOptions,
  ): Promise<ApplyResult<ObjectOf<K>>>;
  delete<K extends string>(
    context: RequestContext,
    kind: K,
    key: Key,
    options?: DeleteOptions,
  ): Promise<DeleteResult<ObjectOf<K>>>;
  /**
   * Events in commit order, each once. Throws Expired when `from` is older than the history, also in the middle for a
   * reader that is too slow; the normal end of the stream means: go on from the last revision.
   */
  watch<K extends string>(
    context: RequestContext,
    kind: K,
    options?: WatchOptions,
  ): AsyncIterable<WatchEvent<ObjectOf<K>>>;
  /** All changes of all kinds and projects after a revision, in batches, for the dispatcher and other readers of the log. */
  changes(from: Revision, signal: AbortSignal): AsyncIterable<readonly Change[]>;
  /** Revision of the newest change that is safe on disk. */
  revision(): Promise<Revision>;
  /** One object as it is stored, or undefined: for those who need no more than its text. */
  getStored(context: RequestContext, kind: string, key: Key): Promise<Stored | undefined>;
  /** Objects in the order of namespace and name, as they are or as they were at a revision. Throws Expired. */
  page(context: RequestContext, kind: string, options: PageOptions): Promise<Page>;
  /** The change log as this process reads it, for those who serve many watchers at once. */
  readonly feed: Feed;
}
