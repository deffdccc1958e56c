import { useMemo, useRef } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import { selectionOfTable } from '../../catalog/columns.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import type { ListView } from '../../live/listed-objects.ts';
import { useList, useLive } from '../../live/use-live.ts';
import { serverOrder, sortableSize } from './server-order.ts';
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
  readonly isSortable: boolean;
  /** Whether these rows are what was asked for; until then they are those of before. */
  readonly isThere: boolean;
  readonly error?: unknown;
}

const nothing: ListView = { objects: [], total: 0, isWhole: true, isSynced: false };

/**
 * The list that the server filters, live, `wanted` rows of it at least. A short one is read whole and sorted here; a long one
 * comes as the server sorts it, as far as it is looked at, and whole where it is to be sorted as the server cannot.
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
  const isLong = byName.isSynced && !byName.isWhole;
  const orderBy = serverOrder(sort);
  const isOther = isLong && orderBy !== undefined && orderBy !== 'NAME';
  const other = useList(isOther ? { ...scope, orderBy } : undefined, wanted);
  const isSorted = isLong && orderBy === undefined && byName.total <= sortableSize;
  const all = useLive(isSorted ? scope : undefined);
  const whole = { ...all, total: all.objects.length, isWhole: true };
  const asked = isOther ? other : isSorted ? whole : byName;
  const last = useRef<ListView>(nothing);
  if (asked.isSynced) last.current = asked;
  const { error } = asked;
  const { isWhole, objects, total } = last.current;
  const { key, isDescending } = sort;
  const rows = useMemo(
    () => (isWhole ? sortRows(objects, facts, { key, isDescending }) : objects),
    [objects, isWhole, facts, key, isDescending],
  );
  return { rows, total, isSortable: isWhole || total <= sortableSize, isThere: asked.isSynced, error };
}
