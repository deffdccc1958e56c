import { type Datum, DatumError, type WatchStatus } from '../../sdk/main.ts';
import type { AnyKind, Kind } from '../../sdk/client/kind.ts';
import type { AnyObject } from '../catalog/any-object.ts';

/** What to watch. */
export interface LiveQuery {
  readonly kind: Kind<AnyKind>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** What of each object; absent: all but its relations. */
  readonly select?: object | undefined;
}

/** What a watch has told so far. A new one after each change. */
export interface LiveView {
  readonly objects: readonly AnyObject[];
  /** Whether the first state is complete. */
  readonly isSynced: boolean;
  /** Why the watch ended for good: it is not allowed, or is wrong. */
  readonly error?: DatumError | undefined;
}

/** A watch that all who look at the same share. It runs while somebody does, and a little longer. */
export interface LiveEntry {
  subscribe(listener: () => void): () => void;
  view(): LiveView;
}

/** State of all watches together. */
export interface Connection {
  readonly state: 'idle' | 'connecting' | 'live' | 'reconnecting';
  readonly since: Date;
}

/** The watches of one client. */
export interface LiveStore {
  entry(query: LiveQuery): LiveEntry;
  subscribe(listener: () => void): () => void;
  connection(): Connection;
  /** How often anything changed that is watched. */
  changes(): number;
  close(): void;
}

/** How long a watch goes on when nobody looks, so that going back shows it at once, in ms. */
const lingerMs = 30_000;
/** Changes are told this often at most, in ms: a picture is drawn no more often. */
const tellEveryMs = 32;
/** Of many objects, less often: this much for each, since all of them are looked through. */
const tellEveryMsEach = 0.025;
const nothing: LiveView = { objects: [], isSynced: false };

/** Makes the watches of a client; each begins when somebody looks. `onError` is told of each that ends for good. */
export function createLiveStore(client: Datum, onError: (error: unknown) => void): LiveStore {
  const entries = new Map<string, LiveEntry>();
  const states = new Map<string, WatchStatus>();
  const listeners = new Set<() => void>();
  const all = new AbortController();
  let connection: Connection = { state: 'idle', since: new Date() };
  let changes = 0;

  function setStatus(key: string, status: WatchStatus | undefined): void {
    if (status === undefined) states.delete(key);
    // Every try to come back says anew that it is away; what counts is since when.
    else if (states.get(key)?.state !== status.state) states.set(key, status);
    const next = togetherOf([...states.values()]);
    if (next.state === connection.state && next.since.getTime() === connection.since.getTime()) return;
    connection = next;
    for (const listener of listeners) listener();
  }

  return {
    entry(query) {
      const key = keyOf(query);
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = createEntry(client, query, {
          signal: all.signal,
          onStatus: (status) => setStatus(key, status),
          onError,
          onChange() {
            changes += 1;
            for (const listener of listeners) listener();
          },
        });
        entries.set(key, entry);
      }
      return entry;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connection: () => connection,
    changes: () => changes,
    close: () => all.abort(),
  };
}

interface EntryOptions {
  readonly signal: AbortSignal;
  readonly onStatus: (status: WatchStatus | undefined) => void;
  readonly onError: (error: unknown) => void;
  /** Told after the first state was complete. */
  readonly onChange: () => void;
}

function createEntry(
  client: Datum,
  query: LiveQuery,
  { signal, onStatus, onError, onChange }: EntryOptions,
): LiveEntry {
  const listeners = new Set<() => void>();
  let view = nothing;
  let stop: (() => void) | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let telling: ReturnType<typeof setTimeout> | undefined;

  function start(): () => void {
    const { kind, namespace, labelSelector, fieldSelector, select } = query;
    const ended = new AbortController();
    const informer = client.resource(kind).informer({
      ...(kind.namespaced ? { namespace } : {}),
      labelSelector,
      fieldSelector,
      select: select as never,
      signal: AbortSignal.any([signal, ended.signal]),
      onStatus: (status) => onStatus(status),
    });
    const tell = (error?: DatumError): void => {
      clearTimeout(telling);
      telling = undefined;
      view = { objects: informer.list() as readonly AnyObject[], isSynced: informer.isSynced, error };
      for (const listener of listeners) listener();
      if (view.isSynced) onChange();
    };
    informer.subscribe(() => (telling ??= setTimeout(tell, Math.max(tellEveryMs, informer.size * tellEveryMsEach))));
    informer.synced.then(
      () => tell(),
      () => {},
    );
    informer.ended.catch((error: unknown) => {
      if (ended.signal.aborted || signal.aborted) return;
      onStatus(undefined);
      onError(error);
      tell(error instanceof DatumError ? error : new DatumError(String(error), { code: 'INTERNAL' }));
    });
    return () => {
      ended.abort();
      informer.stop();
      clearTimeout(telling);
      telling = undefined;
      view = nothing;
      onStatus(undefined);
    };
  }

  return {
    subscribe(listener) {
      clearTimeout(lingering);
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        // A watch that failed for good is tried again by who looks next.
        const afterMs = view.error === undefined ? lingerMs : 0;
        lingering = setTimeout(() => {
          stop?.();
          stop = undefined;
        }, afterMs);
      };
    },
    view: () => view,
  };
}

function keyOf({ kind, namespace, labelSelector, fieldSelector, select }: LiveQuery): string {
  return JSON.stringify([kind.many, namespace, labelSelector, fieldSelector, select]);
}

/** The worst of all states, since it is so. */
function togetherOf(states: readonly WatchStatus[]): Connection {
  for (const state of ['reconnecting', 'connecting', 'live'] as const) {
    const those = states.filter((status) => status.state === state).map(({ since }) => since.getTime());
    if (those.length > 0) return { state, since: new Date(Math.min(...those)) };
  }
  return { state: 'idle', since: new Date(0) };
}
