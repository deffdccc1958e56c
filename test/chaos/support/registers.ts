import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Outcome } from './doors.ts';

/** One thing that a client did, and what it was told. Times in ms of this process. */
export interface Deed {
  readonly does: 'read' | 'create' | 'replace' | 'remove';
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  /** What a write left in the object, unique among all; what a read found. */
  readonly mark: string;
  readonly outcome: Outcome;
}

/** Config maps that several clients write, by compare and set. */
export const sharedKeys = Array.from({ length: 20 }, (_, n) => ({ namespace: `ns-${n % 10}`, name: `register-${n}` }));

const pauseMs = { least: 20, most: 250 };

/** One client: reads and writes what all share, creates and removes what is its own, until it is stopped. */
export async function work(
  door: Door,
  client: number,
  random: () => number,
  isDone: () => boolean,
): Promise<readonly Deed[]> {
  const deeds: Deed[] = [];
  const own: { readonly namespace: string; readonly name: string }[] = [];

  async function note(does: Deed['does'], key: string, mark: string, run: () => Promise<Outcome>): Promise<Outcome> {
    const startMs = performance.now();
    const outcome = await run();
    deeds.push({ does, key, mark, startMs, endMs: performance.now(), outcome });
    return outcome;
  }

  for (let n = 0; !isDone(); n += 1) {
    await sleep(pauseMs.least + random() * (pauseMs.most - pauseMs.least));
    const mark = `${client}/${n}`;
    const choice = random();
    if (choice < 0.65) {
      const { namespace, name } = sharedKeys[Math.floor(random() * sharedKeys.length)] ?? { namespace: '', name: '' };
      const startMs = performance.now();
      const found = await door.read(namespace, name).catch(() => undefined);
      if (found === undefined) continue;
      const key = `${namespace}/${name}`;
      const outcome = { is: 'done', revision: found.revision } as const;
      deeds.push({ does: 'read', key, mark: found.mark, startMs, endMs: performance.now(), outcome });
      if (choice < 0.45) await note('replace', key, mark, () => door.replace(namespace, name, mark, found.revision));
    } else if (choice < 0.9 || own.length === 0) {
      const key = { namespace: `ns-${client % 10}`, name: `own-${client}-${n}` };
      const made = await note('create', `${key.namespace}/${key.name}`, mark, () =>
        door.create(key.namespace, key.name, mark),
      );
      if (made.is === 'done') own.push(key);
    } else {
      const [key] = own.splice(Math.floor(random() * own.length), 1);
      if (key !== undefined)
        await note('remove', `${key.namespace}/${key.name}`, '', () => door.remove(key.namespace, key.name));
    }
  }
  return deeds;
}

/** A change of the log, of a config map. */
export interface Change {
  readonly revision: bigint;
  /** A added, M modified, D deleted. */
  readonly type: string;
  readonly key: string;
  readonly mark: string;
}

/**
 * What contradicts a history in which every deed took place at one moment between its start and its end, in the order of
 * revisions; empty when nothing does.
 */
export function contradictions(deeds: readonly Deed[], changes: readonly Change[]): string[] {
  const wrong: string[] = [];
  const byMark = new Map<string, Change>();
  const byKey = new Map<string, Map<bigint, Change>>();
  const removed = new Set<string>();
  for (const change of changes) {
    if (change.type === 'D') removed.add(change.key);
    else if (byMark.has(change.mark) && change.mark !== '') wrong.push(`${change.mark} was written twice`);
    else byMark.set(change.mark, change);
    const ofKey = byKey.get(change.key) ?? new Map<bigint, Change>();
    byKey.set(change.key, ofKey.set(change.revision, change));
  }
  for (const deed of deeds) {
    const { does, key, mark, outcome } = deed;
    const told = `${does} ${key} ${mark}`;
    if (does === 'remove') {
      if (outcome.is === 'done' && !removed.has(key)) wrong.push(`${told} was acknowledged and is not there`);
      if (outcome.is === 'refused' && !/404|not.?found/i.test(outcome.why)) wrong.push(`${told}: ${outcome.why}`);
      continue;
    }
    if (does === 'read') {
      if (outcome.is === 'done' && byKey.get(key)?.get(outcome.revision)?.mark !== mark)
        wrong.push(`${told} found what was never written as ${outcome.revision}`);
      continue;
    }
    const written = byMark.get(mark);
    if (outcome.is === 'done' && (written?.revision !== outcome.revision || written.key !== key))
      wrong.push(`${told} was acknowledged as ${outcome.revision} and is ${written?.revision ?? 'not there'}`);
    if (outcome.is === 'refused' && written !== undefined) wrong.push(`${told} was refused and is there`);
  }
  return [...wrong, ...outOfOrder(deeds.filter(({ does }) => does === 'read' || does === 'replace'))];
}

/** Deeds on one object that saw less than one that had ended before they began. */
function outOfOrder(deeds: readonly Deed[]): string[] {
  const wrong: string[] = [];
  for (const ofKey of Map.groupBy(deeds, ({ key }) => key).values()) {
    const done = ofKey.flatMap((deed) =>
      deed.outcome.is === 'done' ? [{ ...deed, revision: deed.outcome.revision }] : [],
    );
    const byEnd = done.toSorted((a, b) => a.endMs - b.endMs);
    let [ended, newest] = [0, 0n];
    for (const deed of done.toSorted((a, b) => a.startMs - b.startMs)) {
      for (; (byEnd[ended]?.endMs ?? Infinity) < deed.startMs; ended += 1)
        newest = byEnd[ended]!.revision > newest ? byEnd[ended]!.revision : newest;
      if (deed.revision < newest || (deed.does === 'replace' && deed.revision === newest))
        wrong.push(`${deed.does} ${deed.key} ${deed.mark}: ${deed.revision} after ${newest}`);
    }
  }
  return wrong;
}
