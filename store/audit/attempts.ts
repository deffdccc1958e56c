import type { Pool } from 'pg';
import { textArray } from '../text-array.ts';
import type { PlacedRecord } from './add-to-chains.ts';
import type { UnchainedRecord } from './record.types.ts';
import { boundedOrigin, plainText, type WriteOrigin } from './write-origin.ts';

/** Attempts that may wait for a place in a chain, in the database. */
const mostWaiting = 100_000;
const maxText = 512;

/** What was wanted by whom, and, where it was denied, why. */
export interface Attempt
  extends
    WriteOrigin,
    Pick<
      UnchainedRecord,
      'user' | 'reason' | 'kind' | 'group' | 'resource' | 'path' | 'namespace' | 'name' | 'requestId'
    > {
  readonly project: string;
  readonly verb: string;
}

/** What audit says of an attempt that changed no object: it happens now. */
export function recordOf(attempt: Omit<Attempt, 'project'>, allowed: boolean): UnchainedRecord {
  const { user, verb, reason, kind, group, resource, path, namespace, name, requestId, ...origin } = attempt;
  const text = (value: string | undefined): string | undefined => value && plainText(value, maxText);
  const { door, verb: _, subresource, ...from } = boundedOrigin(origin);
  return {
    time: new Date().toISOString(),
    door,
    user: plainText(user, maxText),
    ...from,
    verb: plainText(verb, maxText),
    subresource,
    allowed,
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

/** Writes records down for their chains, at once; answers whether there was room. */
export async function stage(pool: Pool, records: readonly PlacedRecord[]): Promise<boolean> {
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

/** Writes down what was done without changing an object. Rejects where that is not possible: then it must not have been done. */
export type TellDone = (attempt: Attempt) => Promise<void>;

export function tellDone(pool: Pool): TellDone {
  return async ({ project, ...attempt }) => {
    if (!(await stage(pool, [{ project, record: recordOf(attempt, true) }])))
      throw new Error('audit has no room: its writer does not keep up, or does not run');
  };
}
