import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreError } from '../../store/errors.ts';
import type { KindLog } from '../../store/log/kind-log.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import type { Change, Revision } from '../../store/types.ts';

/** An object that is followed; without an object, one that is gone. */
export interface Followed {
  readonly project: string;
  readonly kind: string;
  readonly key: Key;
  readonly object: Resource | undefined;
}

/** Whoever holds objects in memory. */
export interface Holder {
  /** Takes changes over, all at once as far as anybody can tell. */
  apply(changes: readonly Followed[]): void;
  /** Puts these objects in the place of all that was known. */
  replace(objects: readonly Followed[]): void;
}

/** Objects in memory that follow what is stored. */
export interface RuleFollower {
  /** Resolves when everything is known that was written before the call. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** Within this time the rules that another process wrote hold here too. */
const pollMs = 1000;

/** Loads the objects of all projects and keeps up with them; rejects when they cannot be loaded. */
export async function followRules(
  log: KindLog,
  holder: Holder,
  onError: (error: unknown) => void,
): Promise<RuleFollower> {
  let position = await load();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const closing = new AbortController();

  async function load(): Promise<Revision> {
    const { objects, revision } = await log.load();
    holder.replace(objects);
    return revision;
  }

  async function look(): Promise<void> {
    try {
      for (let more = true; more;) {
        const { changes, through } = await log.after(position);
        if (changes.length > 0) holder.apply(changes.map(followed));
        more = changes.length > 0;
        if (through > position) position = through;
      }
    } catch (error) {
      if (!isStoreError(error, 'Expired')) throw error;
      position = await load();
    }
  }

  function start(): Promise<void> {
    const looked = look().finally(() => {
      running = undefined;
    });
    running = looked;
    return looked;
  }

  /** A look that is under way may have begun before the write that the caller knows of. */
  function catchUp(): Promise<void> {
    if (running === undefined) return start();
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  }

  async function poll(): Promise<void> {
    for (;;) {
      await sleep(pollMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted) return;
      await catchUp().catch(onError);
    }
  }

  const polling = poll();
  return {
    catchUp,
    async close() {
      closing.abort();
      await polling;
      await running?.catch(() => {});
    },
  };
}

function followed({ project, kind, key, type, object }: Change): Followed {
  return { project, kind, key, object: type === 'DELETED' ? undefined : object };
}
