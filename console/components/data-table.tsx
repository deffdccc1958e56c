import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useCallback, useRef } from 'react';
import './data-table.css';

export interface DataColumn<T> {
  readonly key: string;
  readonly header: string;
  /** A track of a grid: `minmax(8rem, 2fr)`. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
}

/** By which column rows are sorted. */
export interface Sorting {
  readonly key: string;
  readonly isDescending: boolean;
}

interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly DataColumn<T>[];
  readonly rows: readonly T[];
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
export function DataTable<T>({ label, columns, rows, keyOf, sorting, onSort }: DataTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: useCallback((index: number) => keyOf(rows[index]!), [rows, keyOf]), // The index is one of `count`.
    overscan: 12,
  });
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };

  function goTo(index: number): void {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    virtual.scrollToIndex(target);
    // Drawn first, when it was out of sight.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${target + 2}"] a`)?.focus({ preventScroll: true }),
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest('[aria-rowindex]')?.getAttribute('aria-rowindex');
    const current = row === null || row === undefined ? -1 : Number(row) - 2;
    const target = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (target === undefined || rows.length === 0) return;
    event.preventDefault();
    goTo(target);
  }

  return (
    <div
      ref={scroller}
      className="data-table"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="data-head">
        <div role="row" aria-rowindex={1} className="data-row" style={template}>
          {columns.map(({ key, header }) => (
            <div
              key={key}
              role="columnheader"
              {...(sorting?.key === key
                ? { 'aria-sort': sorting.isDescending ? ('descending' as const) : ('ascending' as const) }
                : {})}
            >
              {onSort === undefined ? (
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
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]!; // The index is one of `count`.
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className="data-row"
              style={{ ...template, transform: `translateY(${start}px)` }}
            >
              {columns.map((column) => (
                <div key={column.key} role="cell">
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
