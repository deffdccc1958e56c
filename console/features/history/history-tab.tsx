import { useInfiniteQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { type HistoryEntry, historyFields } from './history.types.ts';
import { Timeline } from './timeline.tsx';

/** A write is in the history soon after it was made, in ms; after so many looks it is not waited for any more. */
const writtenWithinMs = 1_000;
const mostLooks = 30;

interface HistoryTabProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
}

interface HistoryPage {
  readonly nodes: readonly HistoryEntry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string };
}

/** Every write to an object, the latest first, with the fields that it changed. */
export function HistoryTab({ known: { facts, kind }, object }: HistoryTabProps) {
  const client = useClient();
  const { name, namespace, resourceVersion } = object.metadata;
  const [given, used] = facts.namespaced
    ? ['$namespace:String!$name:String!', 'namespace:$namespace name:$name']
    : ['$name:String!', 'name:$name'];
  const document = `query History(${given}$after:String){object:${kind.one}(${used}){history(first:30 after:$after){nodes{${historyFields}}pageInfo{hasNextPage endCursor}}}}`;
  const history = useInfiniteQuery({
    // The version is part of it: what was written since belongs to it.
    queryKey: ['history', facts.many, namespace, name, resourceVersion],
    queryFn: async ({ pageParam, signal }) => {
      const variables = { name, ...(facts.namespaced ? { namespace } : {}), ...(pageParam && { after: pageParam }) };
      const answer = await client.execute<{ object?: { history: HistoryPage } }>(document, variables, { signal });
      return answer.object?.history ?? { nodes: [], pageInfo: { hasNextPage: false } };
    },
    initialPageParam: '',
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    placeholderData: (previous) => previous,
    // It follows the write that this version is; once it holds that, nothing more comes.
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.nodes[0]?.resourceVersion === resourceVersion || state.dataUpdateCount > mostLooks
        ? false
        : writtenWithinMs,
  });
  if (history.error !== null) return <ErrorNotice what="The history could not be read" error={history.error} />;
  if (history.data === undefined) return <p className="muted">Loading …</p>;
  return (
    <Panel title="History">
      <Timeline label={`Writes to ${name}`} entries={history.data.pages.flatMap(({ nodes }) => nodes)} />
      {history.hasNextPage && (
        <Button onClick={() => void history.fetchNextPage()} disabled={history.isFetchingNextPage}>
          Earlier
        </Button>
      )}
    </Panel>
  );
}
