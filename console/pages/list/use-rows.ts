import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { selectionOfTable } from '../../catalog/columns.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { useLive } from '../../live/use-live.ts';

interface Which {
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

interface Rows {
  readonly rows: readonly AnyObject[];
  /** Whether these are all. */
  readonly isComplete: boolean;
  readonly error?: unknown;
}

/** Rows of the first page, which are there before the watch has told of all. */
const firstPage = 100;

/**
 * What the server lists, live. A first page shows at once; behind it the watch brings all there are, of which it holds only
 * what the table shows.
 */
export function useRows({ facts, kind }: KnownKind, which: Which): Rows {
  const client = useClient();
  const select = selectionOfTable(facts);
  const scope = { ...which, namespace: facts.namespaced ? which.namespace : undefined };
  const live = useLive({ kind, select, ...scope });
  const page = useQuery({
    queryKey: ['page', facts.many, scope],
    queryFn: async ({ signal }) =>
      client
        .resource(kind)
        .list({ ...scope, select, pageSize: firstPage, signal })
        .page(),
    enabled: !live.isSynced,
  });
  if (live.error !== undefined) return { rows: [], isComplete: true, error: live.error };
  if (live.isSynced) return { rows: live.objects, isComplete: true };
  const early = (page.data?.items ?? []) as readonly AnyObject[];
  return { rows: early.length > live.objects.length ? early : live.objects, isComplete: false };
}
