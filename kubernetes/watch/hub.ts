import type { Feed } from '../../store/log/change-log.ts';
import type { Change, Revision } from '../../store/types.ts';
import { createGroup, type Group, type Member, type Scene } from './group.ts';
import { createLines } from './lines.ts';
import { createPace } from './pace.ts';

/** Hands the changes of a store to all streams. */
export interface Hub {
  /** From now on the member is sent what its scene shows of the changes after `position` and after its own `since`. */
  join(scene: Scene, member: Member): Membership;
}

export interface Membership {
  readonly position: Revision;
  leave(): void;
}

/** How long others may wait while a batch goes out. */
const turnMs = 8;
const tickMs = 1000;

const hubs = new WeakMap<Feed, Hub>();

/** The hub of a store. */
export function hubOf(feed: Feed): Hub {
  let hub = hubs.get(feed);
  if (hub === undefined) hubs.set(feed, (hub = createHub(feed)));
  return hub;
}

function createHub(feed: Feed): Hub {
  const groups = new Map<string, Group>();
  const byKind = new Map<string, Set<Group>>();
  const dirty = new Set<Group>();
  const pace = createPace();
  const lines = createLines();
  let stop: (() => void) | undefined;
  let isScheduled = false;

  function note(changes: readonly Change[]): void {
    for (const change of changes) {
      for (const group of byKind.get(kindKey(change)) ?? []) if (group.add(change)) dirty.add(group);
    }
    schedule();
  }

  function schedule(): void {
    if (isScheduled || dirty.size === 0) return;
    isScheduled = true;
    const delayMs = pace.delayMs();
    if (delayMs === 0) setImmediate(() => void flush());
    else setTimeout(() => void flush(), delayMs);
  }

  /** Sends what is pending, and lets others have their turn when that takes long. */
  async function flush(): Promise<void> {
    let busyMs = 0;
    let turnStart = performance.now();
    const round = [...dirty];
    dirty.clear();
    for (const group of round) {
      const batch = group.take(feed.position());
      for (const member of group.members) {
        batch.giveTo(member, turnStart);
        const usedMs = performance.now() - turnStart;
        if (usedMs < turnMs) continue;
        busyMs += usedMs;
        await new Promise((resolve) => setImmediate(resolve));
        turnStart = performance.now();
      }
    }
    pace.spent(busyMs + performance.now() - turnStart);
    isScheduled = false;
    schedule();
  }

  /** Sees to bookmarks where nothing else happens. */
  function tick(): void {
    const nowMs = performance.now();
    for (const group of groups.values()) {
      for (const { bookmarkDueMs } of group.members) {
        if (bookmarkDueMs !== undefined && bookmarkDueMs <= nowMs) dirty.add(group);
      }
    }
    schedule();
  }

  function start(): void {
    if (stop !== undefined) return;
    const { unsubscribe } = feed.subscribe(note, () => {
      for (const { members } of groups.values()) for (const member of members) member.end();
    });
    const ticking = setInterval(tick, tickMs);
    stop = () => {
      unsubscribe();
      clearInterval(ticking);
      stop = undefined;
    };
  }

  function groupOf(scene: Scene): Group {
    let group = groups.get(scene.key);
    if (group === undefined) {
      group = createGroup(scene, lines);
      groups.set(scene.key, group);
      const key = kindKey(scene.sight);
      const same = byKind.get(key) ?? new Set();
      byKind.set(key, same.add(group));
    }
    return group;
  }

  function leave(group: Group, member: Member): void {
    group.members.delete(member);
    if (group.members.size > 0 || groups.get(group.scene.key) !== group) return;
    groups.delete(group.scene.key);
    dirty.delete(group);
    const key = kindKey(group.scene.sight);
    const same = byKind.get(key);
    same?.delete(group);
    if (same?.size === 0) byKind.delete(key);
    if (groups.size === 0) stop?.();
  }

  return {
    join(scene, member) {
      start();
      const group = groupOf(scene);
      const position = feed.position();
      // A client may know of a revision that this process has not read yet.
      if (position > member.since) member.since = position;
      group.members.add(member);
      return { position, leave: () => leave(group, member) };
    },
  };
}

function kindKey({ project, kind }: { readonly project: string; readonly kind: string }): string {
  return `${project} ${kind}`;
}
