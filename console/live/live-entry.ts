import { DatumError, type WatchStatus } from '../../sdk/main.ts';

/** Something live that all who look at the same share. It runs while somebody does, and a little longer. */
export interface LiveEntry<V> {
  subscribe(listener: () => void): () => void;
  view(): V;
}

/** What the client's watches have in common. */
export interface EntryHooks {
  /** Ends all. */
  readonly signal: AbortSignal;
  readonly onStatus: (status: WatchStatus | undefined) => void;
  readonly onError: (error: unknown) => void;
  /** Told of what changed after the first state was complete. */
  readonly onChange: () => void;
}

/** One run of an entry, from the first look to the last. */
export interface EntryRun<V> {
  /** What there is now. */
  readonly view: () => V;
  /** How many objects that are: looking through many takes longer, so it is told of less often. */
  readonly size: () => number;
  /** Goes on until the signal is aborted, and tells of every change; rejects when it fails for good. */
  run(signal: AbortSignal, tell: () => void): Promise<void>;
}

interface EntryOptions<V extends LiveState> {
  readonly nothing: V;
  readonly start: () => EntryRun<V>;
  readonly hooks: EntryHooks;
}

interface LiveState {
  /** Whether the first state is there. */
  readonly isSynced: boolean;
  /** Why it ended for good: it is not allowed, or is wrong. */
  readonly error?: DatumError | undefined;
}

/** How long a watch goes on when nobody looks, so that going back shows it at once, in ms. */
const lingerMs = 30_000;
/** Changes are told this often at most, in ms: a picture is drawn no more often. */
const tellEveryMs = 32;
/** Of many objects, less often: this much for each, since all of them are looked through. */
const tellEveryMsEach = 0.025;

/** Makes an entry; it begins when somebody looks. */
export function createEntry<V extends LiveState>({ nothing, start, hooks }: EntryOptions<V>): LiveEntry<V> {
  const { signal, onChange, onError, onStatus } = hooks;
  const listeners = new Set<() => void>();
  let view = nothing;
  let stop: (() => void) | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  function begin(): () => void {
    const ended = new AbortController();
    const entry = start();
    let telling: ReturnType<typeof setTimeout> | undefined;
    const tellNow = (error?: DatumError): void => {
      clearTimeout(telling);
      telling = undefined;
      const wasSynced = view.isSynced;
      view = { ...entry.view(), error };
      for (const listener of listeners) listener();
      if (wasSynced) onChange();
    };
    const tell = (): void => {
      if (ended.signal.aborted) return;
      // What is there first is shown at once.
      if (!view.isSynced && entry.view().isSynced) tellNow();
      else telling ??= setTimeout(tellNow, Math.max(tellEveryMs, entry.size() * tellEveryMsEach));
    };
    entry.run(AbortSignal.any([signal, ended.signal]), tell).catch((error: unknown) => {
      if (ended.signal.aborted || signal.aborted) return;
      onStatus(undefined);
      onError(error);
      tellNow(error instanceof DatumError ? error : new DatumError(String(error), { code: 'INTERNAL' }));
    });
    return () => {
      ended.abort();
      clearTimeout(telling);
      view = nothing;
      onStatus(undefined);
    };
  }

  return {
    subscribe(listener) {
      clearTimeout(lingering);
      listeners.add(listener);
      stop ??= begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        // What failed for good is tried again by who looks next.
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
