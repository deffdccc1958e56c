import type { Pool } from 'pg';
import type { Kind } from '../../kinds/kind.ts';
import { decode } from '../codec.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Change, Revision } from '../types.ts';

/** Finds a kind by id; kinds that are gone have no record. */
export type FindKind = (id: string) => Kind | undefined;

interface Row {
  revision: string;
  type: 'A' | 'M' | 'D';
  project: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  object: string;
  previous: string | null;
  actor: string;
  manager: string;
}

const types = { A: 'ADDED', M: 'MODIFIED', D: 'DELETED' } as const;

/** A page of the change log after `from`, in commit order. Changes of kinds that are no longer known are left out. */
export interface LogPage {
  readonly changes: readonly Change[];
  /** Revision of the last row read, known kind or not; `from` when there was none. */
  readonly last: Revision;
  readonly full: boolean;
  /** Everything up to here may be missing. */
  readonly floor: Revision;
}

/** Reads a page of the log: one statement, so that floor and rows belong together. */
export async function readLog(
  pool: Pool,
  findKind: FindKind,
  box: SecretBox,
  from: Revision,
  limit: number,
): Promise<LogPage> {
  const { rows } = await pool.query<Row & { floor: string }>({
    name: 'read-log',
    text: `select m.floor, c.* from meta m left join lateral (
             select revision, type, project, kind, namespace, name, uid, object::text as object, previous::text as previous, actor, manager
             from change where revision > $1 order by revision limit $2) c on true`,
    values: [String(from), limit],
  });
  const found = rows.filter((row) => row.revision !== null);
  const changes: Change[] = [];
  for (const row of found) {
    const kind = findKind(row.kind);
    if (kind === undefined) continue;
    changes.push({
      revision: BigInt(row.revision),
      type: types[row.type],
      project: row.project,
      kind: row.kind,
      key: { namespace: row.namespace, name: row.name },
      uid: row.uid,
      object: decode(kind, row.object, row.revision, box),
      ...(row.previous === null ? {} : { previous: decode(kind, row.previous, row.revision, box) }),
      actor: row.actor,
      manager: row.manager,
    });
  }
  const last = found.at(-1)?.revision;
  return {
    changes,
    last: last === undefined ? from : BigInt(last),
    full: found.length === limit,
    floor: BigInt(rows[0]?.floor ?? 0),
  };
}
