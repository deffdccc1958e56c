import type { Kind } from '../../kinds/kind.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import { type Stored, stored } from '../stored.ts';
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
  /** Read by processes that trace. */
  trace?: string | null;
}

const types = { A: 'ADDED', M: 'MODIFIED', D: 'DELETED' } as const;

/** The change of a row. Its objects are parsed when somebody asks for them, and once. */
export function changeOf(kind: Kind, row: ChangeRow, box: SecretBox): Change {
  return new LoggedChange(kind, row, box);
}

/** A class, since an object with getters of its own is slow to read (its properties a dictionary), and all watches read it. */
class LoggedChange implements Change {
  readonly revision: bigint;
  readonly type: Change['type'];
  readonly project: string;
  readonly kind: string;
  readonly key: Change['key'];
  readonly uid: string;
  readonly after: Stored;
  readonly before: Stored | undefined;
  readonly bytes: number;
  readonly actor: string;
  readonly manager: string;
  readonly trace: string | undefined;

  constructor(kind: Kind, row: ChangeRow, box: SecretBox) {
    this.revision = BigInt(row.revision);
    this.type = types[row.type];
    this.project = row.project;
    this.kind = row.kind;
    this.key = { namespace: row.namespace, name: row.name };
    this.uid = row.uid;
    this.after = stored(kind, row.object, row.revision, box, row);
    this.before = row.previous === null ? undefined : stored(kind, row.previous, row.revision, box, row);
    this.bytes = this.after.bytes + (this.before?.bytes ?? 0);
    this.actor = row.actor;
    this.manager = row.manager;
    this.trace = row.trace ?? undefined;
  }

  get object() {
    return this.after.object();
  }

  get previous() {
    return this.before?.object();
  }
}
