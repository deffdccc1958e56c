import type { Kind } from '../../kinds/kind.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import { stored } from '../stored.ts';
import type { Change } from '../types.ts';

/** A row of the change log as text. */
export interface ChangeRow {
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

/** The change of a row. Its objects are parsed when somebody asks for them, and once. */
export function changeOf(kind: Kind, row: ChangeRow, box: SecretBox): Change {
  const after = stored(kind, row.object, row.revision, box, row);
  const before = row.previous === null ? undefined : stored(kind, row.previous, row.revision, box, row);
  return {
    revision: BigInt(row.revision),
    type: types[row.type],
    project: row.project,
    kind: row.kind,
    key: { namespace: row.namespace, name: row.name },
    uid: row.uid,
    after,
    ...(before === undefined ? {} : { before }),
    get object() {
      return after.object();
    },
    get previous() {
      return before?.object();
    },
    bytes: after.bytes + (before?.bytes ?? 0),
    actor: row.actor,
    manager: row.manager,
  };
}
