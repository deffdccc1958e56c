import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ForbiddenError } from '../../../sdk/main.ts';
import { useClient } from '../../api/client-context.tsx';
import { kindFacts } from '../../generated/kinds.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Panel } from '../../components/panel.tsx';
import { Select } from '../../components/select.tsx';
import { StatusPill } from '../../components/status.tsx';
import { type HistoryEntry, historyFields } from '../../features/history/history.types.ts';
import { Timeline } from '../../features/history/timeline.tsx';
import { useChanges } from '../../live/use-live.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf } from '../../routing/paths.ts';
import { useNamespace, useParameter } from '../../routing/scope.ts';
import { useTitle } from '../../routing/use-title.ts';

interface AuditEntry extends HistoryEntry {
  readonly decision: 'ALLOW' | 'DENY';
  readonly reason?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly resource?: string;
  readonly path?: string;
  readonly count: number;
}

interface AuditPage {
  readonly nodes: readonly AuditEntry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string };
}

const document = `query Activity($after:String$filter:AuditFilter){auditRecords(first:50 after:$after filter:$filter){nodes{${historyFields} decision reason kind namespace name resource path count}pageInfo{hasNextPage endCursor}}}`;
const any = '';
/** What controllers note down for themselves and for people: shown where one asks for the kind. */
const notes = new Set(['Event', 'Lease', 'ControllerRevision']);
/** Pages that are read by themselves until enough shows. */
const maxPages = 6;
const minShown = 15;
/** The latest entries are read again when something changed, at most this often, in ms. */
const freshMs = 1_000;

/** Who did what, and what was refused, the latest first. */
export function ActivityPage() {
  useTitle('Activity');
  const client = useClient();
  const namespace = useNamespace();
  const [kind = any, setKind] = useParameter('kind');
  const [actor = any, setActor] = useParameter('actor');
  const [decision = any, setDecision] = useParameter('decision');
  const [by = any, setBy] = useParameter('by');
  const filter = { namespace, kind: kind || undefined, actor: actor || undefined, decision: decision || undefined };
  const activity = useInfiniteQuery({
    queryKey: ['activity', filter],
    queryFn: async ({ pageParam, signal }) => {
      const variables = { filter, ...(pageParam && { after: pageParam }) };
      return (await client.execute<{ auditRecords: AuditPage }>(document, variables, { signal })).auditRecords;
    },
    initialPageParam: '',
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const changes = useChanges();
  const { refetch } = activity;
  useEffect(() => {
    if (changes === 0) return undefined;
    const timer = setTimeout(() => void refetch(), freshMs);
    return () => clearTimeout(timer);
  }, [changes, refetch]);
  const entries = (activity.data?.pages.flatMap(({ nodes }) => nodes) ?? []).filter(
    (entry) => (kind !== any || !notes.has(entry.kind ?? '')) && (by !== 'people' || entry.door !== 'internal'),
  );
  const { fetchNextPage, hasNextPage, isFetching } = activity;
  const pages = activity.data?.pages.length ?? 0;
  useEffect(() => {
    // What is left out here may be all of a page.
    if (entries.length < minShown && hasNextPage && !isFetching && pages < maxPages) void fetchNextPage();
  }, [entries.length, hasNextPage, isFetching, pages, fetchNextPage]);
  return (
    <div className="stack">
      <PageHead title="Activity" about="Every write with the fields it changed, and every attempt that was refused." />
      <div className="row">
        <Select
          label="Kind"
          prefix="Kind"
          value={kind}
          options={[{ value: any, label: 'Any' }, ...kindFacts.map(({ type }) => ({ value: type, label: type }))]}
          onChange={setKind}
        />
        <Select
          label="Decision"
          prefix="Outcome"
          value={decision}
          options={[
            { value: any, label: 'Any' },
            { value: 'ALLOW', label: 'Done' },
            { value: 'DENY', label: 'Refused' },
          ]}
          onChange={setDecision}
        />
        <Select
          label="By"
          prefix="By"
          value={by}
          options={[
            { value: any, label: 'Anybody' },
            { value: 'people', label: 'People and programs' },
          ]}
          onChange={setBy}
        />
        {actor !== any && <Button onClick={() => setActor(undefined)}>Only {actor} ×</Button>}
      </div>
      {activity.error !== null ? (
        activity.error instanceof ForbiddenError ? (
          <EmptyState title="You may not read the audit">
            It takes the right to list <code>auditrecords</code> in <code>audit.datumapis.com</code>. The history of an
            object that you may see is on its own page.
          </EmptyState>
        ) : (
          <ErrorNotice what="The activity could not be read" error={activity.error} onRetry={() => void refetch()} />
        )
      ) : activity.data === undefined ? (
        <p className="muted">Loading …</p>
      ) : entries.length === 0 ? (
        <EmptyState title="Nothing happened">What people and programs write shows here.</EmptyState>
      ) : (
        <Panel title="Latest first">
          <div className="stack">
            <Timeline
              label="Activity"
              entries={entries}
              subject={(entry) => <Subject entry={entry} />}
              onActor={setActor}
            />
            {hasNextPage && (
              <div>
                <Button onClick={() => void fetchNextPage()} disabled={activity.isFetchingNextPage}>
                  Earlier
                </Button>
              </div>
            )}
          </div>
        </Panel>
      )}
    </div>
  );
}

function Subject({ entry }: { readonly entry: AuditEntry }) {
  const { kind, name, namespace, resource, path, decision, reason, count } = entry;
  const text = [kind ?? resource ?? path, name].filter((part) => part !== undefined).join(' ');
  const to = kind === undefined || name === undefined ? undefined : pathOf(kind, { namespace, name });
  return (
    <>
      {to === undefined ? text : <Link to={to}>{text}</Link>}
      {decision === 'DENY' && (
        <>
          {' '}
          <StatusPill tone="bad" label={count > 1 ? `refused ${count} times` : 'refused'} title={reason} />
        </>
      )}
    </>
  );
}
