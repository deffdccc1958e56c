import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { type AddressSpace, type Block, type Cell, cellsOf, insideOf } from '../../models/address-map.ts';
import { formatAddress, formatRange, type IpRange, sizeOf, widthOf } from '../../models/ip-range.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import type { MapNames } from './address-tab.tsx';
import { cellText } from './cell-text.ts';

interface AddressMapProps {
  readonly space: AddressSpace;
  readonly window: IpRange;
  readonly names: MapNames;
  readonly onGo: (range: IpRange) => void;
}

/** Cells of a row. */
const across = 16;
/** Tints that tell subnets beside each other apart; which one it is says the text. */
const tints = 6;

/**
 * A part of a network's range in squares of one size, the lowest address first. What has an inside is a button that leads
 * there. One Tab stop: arrow keys go from button to button.
 */
export function AddressMap({ space, window, names, onGo }: AddressMapProps) {
  const cells = useMemo(() => cellsOf(space, window), [space, window]);
  const [shown, setShown] = useState<number>();
  const grid = useRef<HTMLDivElement>(null);
  const tintOf = useMemo(() => tintsOf(space), [space]);
  const firstStop = cells.findIndex((cell) => isStop(cell, window));
  const cell = cells[shown ?? -1];
  const windowText = formatRange(window);
  const lastWindow = useRef(windowText);
  useEffect(() => {
    if (lastWindow.current === windowText) return;
    lastWindow.current = windowText;
    setShown(undefined);
    // The square that led here is gone, and the focus with it.
    if (document.activeElement === document.body)
      grid.current?.querySelector<HTMLElement>(`[data-at="${firstStop}"]`)?.focus({ preventScroll: true });
  }, [windowText, firstStop]);

  function onKeyDown(event: KeyboardEvent): void {
    const from = Number((event.target as HTMLElement).dataset['at']);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (step === undefined || Number.isNaN(from)) return;
    event.preventDefault();
    for (let at = from + step; at >= 0 && at < cells.length; at += step) {
      const next = grid.current?.querySelector<HTMLElement>(`a[data-at="${at}"], button[data-at="${at}"]`);
      if (next === null || next === undefined) continue;
      next.focus();
      return;
    }
  }

  return (
    <>
      <div
        ref={grid}
        className="address-map"
        role="group"
        aria-label={`Map of ${windowText}`}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setShown(undefined)}
      >
        {cells.map((each, at) => {
          const { block, range, state } = each;
          const text = cellText(each, names);
          const isFirstOfRow = at % across === 0;
          const row = 1 + Math.floor(at / across);
          const inside = insideOf(each, window);
          const common = {
            className: 'address-cell',
            style: { gridRow: row, gridColumn: 2 + (at % across) },
            'data-state': state,
            'data-at': at,
            ...(block === undefined ? {} : { 'data-tint': tintOf.get(block.key) }),
            ...(each.taken > 0 ? { 'data-taken': true } : {}),
            title: text,
            onMouseEnter: () => setShown(at),
            onFocus: () => setShown(at),
            tabIndex: at === (shown !== undefined && isStop(cells[shown], window) ? shown : firstStop) ? 0 : -1,
          };
          const instance = state === 'taken' ? names.instances.get(range.first) : undefined;
          const label = labelOf(each);
          return (
            <div key={formatRange(range)} className="address-slot">
              {isFirstOfRow && (
                <code className="address-row" style={{ gridRow: row }} aria-hidden>
                  {formatAddress({ family: range.family, value: range.first })}
                </code>
              )}
              {instance !== undefined ? (
                <Link {...common} to={pathOf('Instance', instance.metadata) ?? paths.overview} aria-label={text}>
                  {label}
                </Link>
              ) : inside === undefined ? (
                <div {...common} tabIndex={undefined}>
                  {label}
                </div>
              ) : (
                <button {...common} type="button" aria-label={text} onClick={() => onGo(inside)}>
                  <Share cell={each} />
                  {label}
                </button>
              )}
            </div>
          );
        })}
        {labelsOf(cells).map(({ block, from, to }) => (
          <span
            key={block.key}
            className="address-name"
            style={{
              gridRow: 1 + Math.floor(from / across),
              gridColumn: `${2 + (from % across)} / ${3 + (to % across)}`,
            }}
            aria-hidden
          >
            {names.subnets.get(block.key)}
          </span>
        ))}
      </div>
      <p className="muted">{hint(window)}</p>
      <p className="address-shown">{cell !== undefined && cellText(cell, names)}</p>
      <Legend />
    </>
  );
}

function isStop(cell: Cell | undefined, window: IpRange): boolean {
  return cell !== undefined && (cell.state === 'taken' || insideOf(cell, window) !== undefined);
}

/** How much of a cell is somebody's. */
function Share({ cell: { assigned, range, state } }: { readonly cell: Cell }) {
  if (state !== 'mixed') return null;
  const percent = Number((assigned * 100n) / sizeOf(range));
  return (
    <svg className="address-share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
      <rect width={Math.max(percent, 4)} height="4" />
    </svg>
  );
}

function labelOf(cell: Cell): string {
  const { blocks, range, state, taken } = cell;
  if (range.length === widthOf(range.family)) {
    const text = formatAddress({ family: range.family, value: range.first });
    return range.family === 'IPv4' ? `.${text.split('.').at(-1)}` : `:${text.split(':').at(-1)}`;
  }
  if (state === 'mixed') return String(blocks);
  return taken > 0 ? String(taken) : '';
}

interface Label {
  readonly block: Block;
  /** First and last cell that the name may lie over, of one row. */
  readonly from: number;
  readonly to: number;
}

/** Where the names of subnets stand: in their first row, over cells without a number, if there are two or more. */
function labelsOf(cells: readonly Cell[]): Label[] {
  const labels = new Map<string, Label>();
  for (let from = 0; from < cells.length; from += 1) {
    const cell = cells[from];
    if (cell?.block === undefined || cell.range.length === widthOf(cell.range.family)) continue;
    const isPlain = (each: Cell | undefined): boolean =>
      each?.block === cell.block && each?.state === 'block' && each.taken === 0;
    let to = from;
    while (isPlain(cells[to]) && isPlain(cells[to + 1]) && (to + 1) % across !== 0) to += 1;
    if (to > from && !labels.has(cell.block.key)) labels.set(cell.block.key, { block: cell.block, from, to });
    from = to;
  }
  return [...labels.values()];
}

function tintsOf({ blocks }: AddressSpace): ReadonlyMap<string, number> {
  const inOrder = blocks.toSorted((a, b) => (a.range.first < b.range.first ? -1 : 1));
  return new Map(inOrder.map(({ key }, at) => [key, at % tints]));
}

function hint(window: IpRange): string {
  const length = Math.min(widthOf(window.family), window.length + 8);
  return length === widthOf(window.family)
    ? 'One square is one address.'
    : `One square is a /${length}, that is ${sizeOf({ ...window, length }).toLocaleString()} addresses. Squares with something in them lead into it.`;
}

function Legend() {
  return (
    <ul className="address-legend" aria-label="Signs of the map">
      {(
        [
          ['free', 'Free'],
          ['mixed', 'Holds so many subnets'],
          ['block', 'Within a subnet; the number is of addresses in use'],
          ['reserved', 'Kept by the cloud'],
          ['taken', 'An address in use'],
        ] as const
      ).map(([state, text]) => (
        <li key={state}>
          <span className="address-cell" data-state={state} data-tint={0} aria-hidden />
          {text}
        </li>
      ))}
    </ul>
  );
}
