import DataLoader from 'dataloader';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { AuditReader, HistoryOf, PageOfRecords, ReadRecord, RecordPage } from '../../store/audit/read-records.ts';
import { pageOfRecords, type RecordArguments, recordConnection, shownChanges } from './audit-fields.ts';
import type { SubgraphContext } from './context.ts';

/** Reads histories of one request, those of a level together. */
export type LoadHistory = (object: HistoryOf, page: PageOfRecords) => Promise<RecordPage>;

interface Wanted {
  readonly object: HistoryOf;
  readonly page: PageOfRecords;
}

/** A loader for one request in a project. */
export function historyLoader(audit: AuditReader, project: string): LoadHistory {
  const loader = new DataLoader<Wanted, RecordPage>(
    async (all) => {
      const pages = new Map<string, Wanted[]>();
      for (const wanted of all) pages.set(keyOf(wanted), [...(pages.get(keyOf(wanted)) ?? []), wanted]);
      const found = new Map<Wanted, RecordPage>();
      for (const same of pages.values()) {
        const page = same[0]?.page ?? { limit: 1 };
        const read = await audit.histories(
          project,
          same.map(({ object }) => object),
          page,
        );
        same.forEach((wanted, index) => found.set(wanted, read[index] ?? { records: [], hasMore: false }));
      }
      return all.map((wanted) => found.get(wanted) ?? new Error('a history was not read'));
    },
    { cache: false },
  );
  return (object, page) => loader.load({ object, page });
}

function keyOf({ page: { limit, before } }: Wanted): string {
  return `${limit} ${before}`;
}

/** Resolver of the history of an object. Throws Forbidden for those who may not get it, though they may list it. */
export function historyResolver(kind: Kind) {
  return async (
    { metadata }: Resource,
    args: RecordArguments,
    { guard, history }: SubgraphContext,
  ): Promise<object> => {
    const { namespace = '', name, uid } = metadata;
    guard.require(kind, 'get', { namespace, name });
    const page = await history({ kind: kind.id, namespace, name, uid }, pageOfRecords(args));
    return recordConnection(page, args, entryOf);
  };
}

/** What everybody who may see an object may know of its writes: not from where they came. */
function entryOf({ record }: ReadRecord): object {
  return {
    time: record.time,
    actor: record.user,
    impersonator: record.impersonator,
    door: record.door,
    verb: record.verb,
    subresource: record.subresource,
    effect: record.effect,
    manager: record.manager ?? '',
    resourceVersion: record.revision,
    requestId: record.requestId,
    changes: shownChanges(record.changes),
    moreChanges: record.moreChanges ?? 0,
  };
}
