import { type Seen, seenBy, type Sight } from '../../store/log/seen-by.ts';
import type { Change, Revision } from '../../store/types.ts';
import type { Form } from '../form/form.ts';
import { renderBookmark } from '../form/watch-event.ts';
import type { Served } from '../served/served.ts';
import type { Lines } from './lines.ts';

/** What streams of one group show: the same objects in the same form. */
export interface Scene {
  readonly key: string;
  readonly sight: Sight;
  readonly form: Form;
  readonly served: Served;
}

/** One stream, as its group knows it. */
export interface Member {
  /** Events up to here are not for it: it has them, or asked for later ones. */
  since: Revision;
  /** Whether a line was sent; the first one of a table is different. */
  hasStarted: boolean;
  /** When the next bookmark is due, in milliseconds of the monotonic clock; undefined: it wants none. */
  bookmarkDueMs: number | undefined;
  send(chunk: Buffer): void;
  /** Called when the store closes. */
  end(): void;
  /** Called when an event cannot be read or rendered: its stream must not go on without it. */
  fail(error: unknown): void;
}

interface Event {
  readonly revision: Revision;
  readonly seen: Seen;
}

/** Events that go out together. */
export interface Batch {
  /** Gives a member its events, and a bookmark when that is due. Does not throw. */
  giveTo(member: Member, nowMs: number): void;
}

export interface Group {
  readonly scene: Scene;
  readonly members: Set<Member>;
  /** Notes a change; answers whether it is to be seen. Does not throw. */
  add(change: Change): boolean;
  /** Everything noted since the last time; `through` is the revision up to which changes were noted. */
  take(through: Revision): Batch;
}

export const bookmarkEveryMs = 60_000;

export function createGroup(scene: Scene, lines: Lines): Group {
  const { sight, form, served } = scene;
  let pending: Event[] = [];

  const joined = (events: readonly Event[], first: boolean): Buffer => {
    const parts = events.map(({ seen }, index) => lines.of(form, served, seen, first && index === 0));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };

  function take(through: Revision): Batch {
    const events = pending;
    pending = [];
    const oldest = events[0]?.revision;
    let forAll: Buffer | undefined;

    function giveEvents(member: Member): void {
      if (oldest === undefined) return;
      const isFirst = !member.hasStarted;
      if (member.since < oldest && !(isFirst && form.as === 'table')) {
        member.send((forAll ??= joined(events, false)));
      } else {
        const own = events.filter(({ revision }) => revision > member.since);
        if (own.length === 0) return;
        member.send(joined(own, isFirst));
      }
      member.hasStarted = true;
    }

    function giveBookmark(member: Member, nowMs: number): void {
      if (member.bookmarkDueMs === undefined || nowMs < member.bookmarkDueMs || through < member.since) return;
      member.bookmarkDueMs = nowMs + bookmarkEveryMs;
      const options = { initialEnd: false, first: !member.hasStarted };
      member.hasStarted = true;
      member.send(Buffer.from(renderBookmark(form, served, String(through), options)));
    }

    return {
      giveTo(member, nowMs) {
        try {
          giveEvents(member);
          giveBookmark(member, nowMs);
        } catch (error) {
          member.fail(error);
        }
      },
    };
  }

  const members = new Set<Member>();
  return {
    scene,
    members,
    add(change) {
      try {
        const seen = seenBy(sight, change);
        if (seen !== undefined) pending.push({ revision: change.revision, seen });
        return seen !== undefined;
      } catch (error) {
        for (const member of members) member.fail(error);
        return false;
      }
    },
    take,
  };
}
