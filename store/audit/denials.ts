import type { Pool } from 'pg';
import { textArray } from '../text-array.ts';
import type { PlacedRecord } from './add-to-chains.ts';
import type { UnchainedRecord } from './record.types.ts';
import { boundedOrigin, plainText, type WriteOrigin } from './write-origin.ts';

/** A denied attempt: what was wanted by whom, and why not. */
export interface Denial
  extends
    WriteOrigin,
    Pick<
      UnchainedRecord,
      'user' | 'reason' | 'kind' | 'group' | 'resource' | 'path' | 'namespace' | 'name' | 'requestId'
    > {
  readonly project: string;
  readonly verb: string;
}

/** Writes denied attempts down for audit, whoever makes however many of them. */
export interface Denials {
  /** Neither waits nor throws. */
  note(denial: Denial): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** In each such time so many attempts are written one by one: of one user, and in all. Of the others only how many there were. */
const windowMs = 10_000;
const mostOfUser = 20;
const mostInAll = 1000;
/** Users that are told apart, and kinds of attempts that are counted, in one window. */
const mostKept = 1000;
/** Attempts that may wait for a place in a chain, in the database. */
const mostWaiting = 100_000;
const maxText = 512;

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
    writing = insert(pool, batch)
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
      const record = recordOf(denial);
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

function recordOf({
  user,
  verb,
  reason,
  kind,
  group,
  resource,
  path,
  namespace,
  name,
  requestId,
  ...origin
}: Omit<Denial, 'project'>): UnchainedRecord {
  const text = (value: string | undefined): string | undefined => value && plainText(value, maxText);
  const { door, verb: _, subresource, ...from } = boundedOrigin(origin);
  return {
    time: new Date().toISOString(),
    door,
    user: plainText(user, maxText),
    ...from,
    verb: plainText(verb, maxText),
    subresource,
    allowed: false,
    reason: text(reason),
    kind: text(kind),
    group: text(group),
    resource: text(resource),
    path: text(path),
    namespace: text(namespace),
    name: text(name),
    requestId: text(requestId),
  };
}

/** What attempts that are only counted have in common. */
function alike(record: UnchainedRecord): UnchainedRecord {
  return { ...record, name: undefined, path: undefined, requestId: undefined };
}

function anybody({ time, door, verb }: UnchainedRecord): UnchainedRecord {
  return { time, door, user: '', verb, allowed: false, reason: 'attempts of many users' };
}

/** Answers whether there was room. */
async function insert(pool: Pool, records: readonly PlacedRecord[]): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'audit-deny',
    text: `insert into audit_denied (project, record) select project, record from unnest($1::text[], $2::text[]) as d (project, record)
      where (select coalesce(max(id) - min(id), 0) from audit_denied) < $3`,
    values: [
      textArray(records.map(({ project }) => project)),
      textArray(records.map(({ record }) => JSON.stringify(record))),
      mostWaiting,
    ],
  });
  return rowCount === records.length;
}
