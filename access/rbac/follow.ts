import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreError } from '../../store/errors.ts';
import type { KindLog } from '../../store/log/kind-log.ts';
import type { Change, Revision } from '../../store/types.ts';
import { isRuleKind } from './objects.ts';
import type { Policies, RuleObject } from './policies.ts';

/** Policies that follow what is stored. */
export interface RuleFollower {
  /** Resolves when every rule is known that was written before the call. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** Within this time the rules that another process wrote hold here too. */
const pollMs = 1000;

/** Loads the rules of all projects and keeps up with them; rejects when they cannot be loaded. */
export async function followRules(
  log: KindLog,
  policies: Policies,
  onError: (error: unknown) => void,
): Promise<RuleFollower> {
  let position = await load();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const closing = new AbortController();

  async function load(): Promise<Revision> {
    const { objects, revision } = await log.load();
    policies.replace(objects.flatMap((one) => (isRuleKind(one.kind) ? [{ ...one, kind: one.kind }] : [])));
    return revision;
  }

  async function look(): Promise<void> {
    try {
      for (let more = true; more;) {
        const { changes, through } = await log.after(position);
        if (changes.length > 0) policies.apply(changes.flatMap(ruleObject));
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

function ruleObject({ project, kind, key, type, object }: Change): RuleObject[] {
  return isRuleKind(kind) ? [{ project, kind, key, object: type === 'DELETED' ? undefined : object }] : [];
}
