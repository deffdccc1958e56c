import { useMemo, useRef } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import { selectionOfTable } from '../../catalog/columns.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import type { ListView } from '../../live/listed-objects.ts';
import { useList } from '../../live/use-live.ts';
import { serverOrder } from './server-order.ts';
import { type Sort, sortRows } from './sort-rows.ts';

interface Which {
  readonly namespace: string | undefined;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly text: string | undefined;
}

interface Rows {
  /** Those that were read, in the order that is asked for. */
  readonly rows: readonly AnyObject[];
  /** All that the server has. */
  readonly total: number;
  /** Whether rows may be sorted by any column, and not only as the server sorts. */
  readonly isWhole: boolean;
  /** Whether these rows are what was asked for; until then they are those of before. */
  readonly isThere: boolean;
  readonly error?: unknown;
}

const nothing: ListView = { objects: [], total: 0, isWhole: true, isSynced: false };

/**
 * The list that the server filters, live, `wanted` rows of it at least. A short one is read whole and sorted here; a long one
 * comes as the server sorts it, as far as it is looked at.
 */
export function useRows({ facts, kind }: KnownKind, { text, ...which }: Which, sort: Sort, wanted: number): Rows {
  const scope = {
    kind,
    ...which,
    namespace: facts.namespaced ? which.namespace : undefined,
    text: text?.trim() || undefined,
    select: selectionOfTable(facts),
  };
  const byName = useList({ ...scope, orderBy: 'NAME' }, wanted);
  const orderBy = serverOrder(sort);
  const isOther = byName.isSynced && !byName.isWhole && orderBy !== undefined && orderBy !== 'NAME';
  const other = useList(isOther ? { ...scope, orderBy } : undefined, wanted);
  const asked = isOther ? other : byName;
  const last = useRef<ListView>(nothing);
  if (asked.isSynced) last.current = asked;
  const { error } = asked;
  const { isWhole, objects, total } = last.current;
  const { key, isDescending } = sort;
  const rows = useMemo(
    () => (isWhole ? sortRows(objects, facts, { key, isDescending }) : objects),
    [objects, isWhole, facts, key, isDescending],
  );
  return { rows, total, isWhole, isThere: asked.isSynced, error };
}
