import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { type AddressSpace, type Cell, cellsOf, insideOf } from '../../models/address-map.ts';
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
        aria-label={`Map of ${formatRange(window)}`}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setShown(undefined)}
      >
        {cells.map((each, at) => {
          const { block, range, state } = each;
          const text = cellText(each, names);
          const isFirstOfRow = at % across === 0;
          const inside = insideOf(each, window);
          const isSameAsLast = block !== undefined && cells[at - 1]?.block === block && !isFirstOfRow;
          const common = {
            className: 'address-cell',
            'data-state': state,
            'data-at': at,
            'data-joined': isSameAsLast,
            ...(block === undefined ? {} : { 'data-tint': tintOf.get(block.key) }),
            ...(each.taken > 0 ? { 'data-taken': true } : {}),
            title: text,
            onMouseEnter: () => setShown(at),
            onFocus: () => setShown(at),
            tabIndex: at === (shown !== undefined && isStop(cells[shown], window) ? shown : firstStop) ? 0 : -1,
          };
          const instance = state === 'taken' ? names.instances.get(range.first) : undefined;
          const label = labelOf(each, isSameAsLast, names);
          return (
            <div key={formatRange(range)} className="address-slot">
              {isFirstOfRow && (
                <code className="address-row" aria-hidden>
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
      </div>
      <p className="address-shown">{cell === undefined ? hint(window) : cellText(cell, names)}</p>
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

function labelOf(cell: Cell, isSameAsLast: boolean, names: MapNames): string {
  const { block, blocks, range, state, taken } = cell;
  if (range.length === widthOf(range.family)) {
    const text = formatAddress({ family: range.family, value: range.first });
    return range.family === 'IPv4' ? `.${text.split('.').at(-1)}` : `:${text.split(':').at(-1)}`;
  }
  if (state === 'mixed') return String(blocks);
  if (block === undefined) return '';
  // The name stands once, where the subnet begins; it may lie over the cells behind, which have no text then.
  if (taken > 0) return String(taken);
  return isSameAsLast ? '' : (names.subnets.get(block.key) ?? '');
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
