import type { Pool } from 'pg';
import type { Kind } from '../../kinds/kind.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import { isTracing } from '../../telemetry/tracing/span.ts';
import type { Change, Revision } from '../types.ts';
import { changeOf, type ChangeRow } from './change.ts';
import { traceColumn } from './trace-in-origin.ts';

/** Finds a kind by id; kinds that are gone have no record. */
export type FindKind = (id: string) => Kind | undefined;

/** A page of the change log after `from`, in commit order. Changes of kinds that are no longer known are left out. */
export interface LogPage {
  readonly changes: readonly Change[];
  /** Revision of the last row read, known kind or not; `from` when there was none. */
  readonly last: Revision;
  readonly full: boolean;
  /** Everything up to here may be missing. */
  readonly floor: Revision;
}

/** One kind in one project. */
export interface LogScope {
  readonly project: string;
  readonly kind: string;
}

/** Columns of a change, as ChangeRow has them. */
export const changeColumns =
  'revision, type, project, kind, namespace, name, uid, object::text as object, previous::text as previous, actor, manager';

/** Reads a page of the log, of one kind if that is given: one statement, so that floor and rows belong together. */
export async function readLog(
  pool: Pool,
  findKind: FindKind,
  box: SecretBox,
  from: Revision,
  limit: number,
  scope?: LogScope,
): Promise<LogPage> {
  const columns = isTracing() ? `${changeColumns}, ${traceColumn}` : changeColumns;
  const name = scope === undefined ? 'read-log' : 'read-log-of-kind';
  const { rows } = await pool.query<ChangeRow & { floor: string }>({
    name: isTracing() ? `${name}-traced` : name,
    text: `select m.floor, c.* from meta m left join lateral (
             select ${columns} from change
             where revision > $1 ${scope === undefined ? '' : 'and project = $3 and kind = $4'} order by revision limit $2) c on true`,
    values: [String(from), limit, ...(scope === undefined ? [] : [scope.project, scope.kind])],
  });
  const found = rows.filter((row) => row.revision !== null);
  const changes: Change[] = [];
  for (const row of found) {
    const kind = findKind(row.kind);
    if (kind !== undefined) changes.push(changeOf(kind, row, box));
  }
  const last = found.at(-1)?.revision;
  return {
    changes,
    last: last === undefined ? from : BigInt(last),
    full: found.length === limit,
    floor: BigInt(rows[0]?.floor ?? 0),
  };
}
