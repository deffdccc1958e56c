import type { Pool } from 'pg';
import type { PlacedRecord } from './add-to-chains.ts';
import { type Attempt, recordOf, stage } from './attempts.ts';
import type { UnchainedRecord } from './record.types.ts';

/** Writes denied attempts down for audit, whoever makes however many of them. */
export interface Denials {
  /** Neither waits nor throws. */
  note(denial: Attempt): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** In each such time so many attempts are written one by one: of one user, and in all. Of the others only how many there were. */
const windowMs = 10_000;
const mostOfUser = 20;
const mostInAll = 1000;
/** Users that are told apart, and kinds of attempts that are counted, in one window. */
const mostKept = 1000;

/**
 * Denied attempts of this process. They are written at once, those together that come while others are being written: what a
 * process loses that is killed is what came within a round trip.
 */
export function createDenials(pool: Pool, onError: (error: unknown) => void, window = windowMs): Denials {
  let waiting: PlacedRecord[] = [];
  /** Of this window: attempts written one by one. */
  let written = new Map<string, number>();
  let writtenInAll = 0;
  /** Of this window: attempts that are only counted, by what they have in common. */
  let counted = new Map<string, { readonly project: string; readonly record: UnchainedRecord; count: number }>();
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function count(project: string, record: UnchainedRecord, times: number): void {
    const { user, verb, group, resource, address, door } = record;
    const isFull = counted.size >= mostKept;
    // Then all those of a project are one.
    const key = isFull ? project : JSON.stringify([project, user, verb, group, resource, address, door]);
    const known = counted.get(key);
    if (known !== undefined) known.count += times;
    else counted.set(key, { project, record: isFull ? anybody(record) : alike(record), count: times });
  }

  function endWindow(): void {
    timer = undefined;
    for (const { project, record, count: times } of counted.values())
      waiting.push({ project, record: { ...record, count: times } });
    counted = new Map();
    written = new Map();
    writtenInAll = 0;
    write();
  }

  function write(): void {
    if (writing !== undefined || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    writing = stage(pool, batch)
      .then(
        (fits) => {
          if (!fits) for (const { project, record } of batch) count(project, record, record.count ?? 1);
        },
        (error: unknown) => {
          onError(error);
          for (const { project, record } of batch) count(project, record, record.count ?? 1);
        },
      )
      .finally(() => {
        writing = undefined;
        if (counted.size > 0) timer ??= setTimeout(endWindow, window);
        write();
      });
  }

  return {
    note({ project, ...denial }) {
      const record = recordOf(denial, false);
      const user = JSON.stringify([project, denial.user, denial.user === '' ? denial.address : '']);
      const times = written.get(user) ?? 0;
      timer ??= setTimeout(endWindow, window);
      if (times >= mostOfUser || writtenInAll >= mostInAll || (times === 0 && written.size >= mostKept))
        return count(project, record, 1);
      written.set(user, times + 1);
      writtenInAll += 1;
      waiting.push({ project, record });
      write();
    },
    async close() {
      clearTimeout(timer);
      await writing;
      endWindow();
      await writing;
      clearTimeout(timer);
    },
  };
}

/** What attempts that are only counted have in common. */
function alike(record: UnchainedRecord): UnchainedRecord {
  return { ...record, name: undefined, path: undefined, requestId: undefined };
}

function anybody({ time, door, verb }: UnchainedRecord): UnchainedRecord {
  return { time, door, user: '', verb, allowed: false, reason: 'attempts of many users' };
}
