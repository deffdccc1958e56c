import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { decode } from '../codec.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import type { ChangeRow } from '../log/change.ts';
import type { FindKind } from '../log/rows.ts';
import { type Diff, diffOf } from './diff.ts';
import type { UnchainedRecord } from './record.types.ts';
import { plainText, readOrigin } from './write-origin.ts';

/** A change as audit reads it: `previous` is the state before wherever there was one. */
export interface AuditedChange extends ChangeRow {
  readonly request_id: string | null;
  readonly origin: string | null;
  readonly at: Date;
}

const effects = { A: 'ADDED', M: 'MODIFIED', D: 'DELETED' } as const;

/** What audit says of a change. Never rejects what is in the log: what cannot be compared is said to have changed. */
export function recordOfChange(findKind: FindKind, box: SecretBox, row: AuditedChange): UnchainedRecord {
  const { door = 'internal', verb, subresource, trace: _trace, ...origin } = readOrigin(row.origin) ?? {};
  const kind = findKind(row.kind);
  const { diff, wasMarked } = kind === undefined ? unknownDiff : compare(kind, box, row);
  return {
    time: row.at.toISOString(),
    door,
    user: row.actor,
    ...origin,
    manager: plainText(row.manager, 256),
    verb: verb ?? verbOf(row, wasMarked, door),
    subresource: subresource ?? subresourceOf(diff),
    allowed: true,
    kind: row.kind,
    namespace: row.namespace || undefined,
    name: row.name,
    objectUid: row.uid,
    effect: effects[row.type],
    revision: row.revision,
    requestId: row.request_id || undefined,
    changes: diff.changes,
    moreChanges: diff.more || undefined,
  };
}

interface Comparison {
  readonly diff: Diff;
  /** Whether the object was marked for deletion. */
  readonly wasMarked: boolean;
}

const unknownDiff: Comparison = { diff: { changes: [], more: 0 }, wasMarked: false };

function compare(kind: Kind, box: SecretBox, row: AuditedChange): Comparison {
  const read = (text: string): Resource => decode(kind, text, row.revision, box, row);
  try {
    const after = read(row.object);
    const before = row.previous === null ? undefined : read(row.previous);
    const marks = (object: Resource | undefined): boolean => object?.metadata.deletionTimestamp !== undefined;
    // What is removed as it was is said by the deletion itself.
    const diff = row.type === 'D' && before === undefined ? { changes: [], more: 0 } : diffOf(kind, before, after);
    return { diff, wasMarked: marks(after) && !marks(before) };
  } catch {
    // Such as a value whose key is gone. The record must be written all the same.
    return { diff: { changes: [{ path: '', redacted: 'CHANGED' }], more: 0 }, wasMarked: false };
  }
}

/** Verb of a write whose door has none for it: one request of GraphQL may write several objects. */
function verbOf({ type }: AuditedChange, wasMarked: boolean, door: string): string {
  switch (type) {
    case 'A':
      return 'create';
    case 'D':
      return 'delete';
    case 'M':
      if (wasMarked) return 'delete';
      return door === 'graphql' ? 'patch' : 'update';
  }
}

function subresourceOf({ changes, more }: Diff): string | undefined {
  const isStatus = changes.length > 0 && more === 0 && changes.every(({ path }) => /^status(\.|$)/.test(path));
  return isStatus ? 'status' : undefined;
}
