import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useReducer, useRef } from 'react';
import './data-table.css';

export interface DataColumn<T> {
  readonly key: string;
  readonly header: string;
  /** A track of a grid: `minmax(8rem, 2fr)`. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  /** Why rows cannot be sorted by it; absent where they can. */
  readonly unsortable?: string;
}

/** By which column rows are sorted. */
export interface Sorting {
  readonly key: string;
  readonly isDescending: boolean;
}

interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly DataColumn<T>[];
  /** Those that are there. */
  readonly rows: readonly T[];
  /** How many there are in all; those behind the rows are shown as soon as they are there. By default the rows are all. */
  readonly count?: number;
  /** Told of the last row that is in sight. */
  readonly onReach?: (index: number) => void;
  /** The same function each time: all rows are measured anew for another. */
  readonly keyOf: (row: T) => string;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
}

/** Of one row, in px. */
const rowHeight = 36;

/**
 * A table of any number of rows: only those in sight are drawn. Arrow keys, Home and End go from row to row, to the first
 * link of each.
 */
export function DataTable<T>({
  label,
  columns,
  rows,
  count = rows.length,
  onReach,
  keyOf,
  sorting,
  onSort,
}: DataTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: useCallback(
      (index: number) => {
        const row = rows[index];
        return row === undefined ? index : keyOf(row);
      },
      [rows, keyOf],
    ),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const reached = items.at(-1)?.index ?? 0;
  useEffect(() => onReach?.(reached), [onReach, reached]);
  /** The row that shall have the focus as soon as it is there. */
  const awaited = useRef<number>(undefined);
  useEffect(() => {
    const index = awaited.current;
    if (index === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"] a`);
    if (!link) return;
    awaited.current = undefined;
    link.focus({ preventScroll: true });
  });
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };

  function goTo(index: number): void {
    const target = Math.max(0, Math.min(count - 1, index));
    awaited.current = target;
    virtual.scrollToIndex(target);
    // What is in sight already is not drawn anew.
    redraw();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest('[aria-rowindex]')?.getAttribute('aria-rowindex');
    const current = row === null || row === undefined ? -1 : Number(row) - 2;
    const target = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: count - 1 }[event.key];
    if (target === undefined || count === 0) return;
    event.preventDefault();
    goTo(target);
  }

  return (
    <div
      ref={scroller}
      className="data-table"
      role="table"
      aria-label={label}
      aria-rowcount={count + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="data-head">
        <div role="row" aria-rowindex={1} className="data-row" style={template}>
          {columns.map(({ key, header, unsortable }) => (
            <div
              key={key}
              role="columnheader"
              title={unsortable}
              {...(sorting?.key === key
                ? { 'aria-sort': sorting.isDescending ? ('descending' as const) : ('ascending' as const) }
                : {})}
            >
              {onSort === undefined || unsortable !== undefined ? (
                header
              ) : (
                <button
                  type="button"
                  className="data-sort"
                  onClick={() => onSort({ key, isDescending: sorting?.key === key && !sorting.isDescending })}
                >
                  {header}
                  {sorting?.key === key &&
                    (sorting.isDescending ? <ArrowDown size={13} aria-hidden /> : <ArrowUp size={13} aria-hidden />)}
                </button>
              )}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="data-body" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className="data-row"
              style={{ ...template, transform: `translateY(${start}px)` }}
            >
              {columns.map((column, at) => (
                <div key={column.key} role="cell">
                  {row === undefined ? at === 0 && <span className="muted">Loading …</span> : column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
