import type { FieldDiff } from '../../store/audit/diff.ts';
import type { RecordPage } from '../../store/audit/read-records.ts';
import { badInput } from './errors.ts';
import { pageSize } from './page.ts';

/** Arguments of a page of records. */
export interface RecordArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A page as audit is asked for it. Refuses a size out of range and a cursor that is none. */
export function pageOfRecords({ first, after }: RecordArguments): {
  readonly limit: number;
  readonly before: bigint | undefined;
} {
  const limit = pageSize(first);
  if (after === undefined || after === null) return { limit, before: undefined };
  const text = Buffer.from(after, 'base64url').toString('latin1');
  if (!/^audit \d{1,18}$/.test(text)) throw badInput('the cursor does not belong to this list', 'after');
  return { limit, before: BigInt(text.slice(6)) };
}

/** A page of records as a connection; `nodeOf` makes its nodes. */
export function recordConnection<N>(
  { records, hasMore }: RecordPage,
  { after }: RecordArguments,
  nodeOf: (read: RecordPage['records'][number]) => N,
): object {
  const edges = records.map((read) => ({
    cursor: Buffer.from(`audit ${read.record.sequence}`).toString('base64url'),
    node: nodeOf(read),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: after !== undefined && after !== null,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
  };
}

/** Changes of fields as GraphQL shows them. */
export function shownChanges(changes: readonly FieldDiff[] = []): object[] {
  return changes.map((change) => ({ ...change, cut: change.cut === true }));
}
