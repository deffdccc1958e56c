import { contains, endOf, type Family, type IpRange, rangeAround, sameRange, sizeOf, widthOf } from './ip-range.ts';

/** A range of a network that is somebody's: a subnet's. */
export interface Block {
  readonly range: IpRange;
  /** Tells blocks apart. */
  readonly key: string;
}

/** What is given of a network's range. Blocks do not overlap. */
export interface AddressSpace {
  readonly range: IpRange;
  readonly blocks: readonly Block[];
  /** Addresses that interfaces have, as far as they are known. */
  readonly addresses: readonly bigint[];
}

/**
 * One square of the map. `free`: nobody's; `mixed`: in part somebody's; `block`: within one block; `reserved`: within one
 * block, all of it for the cloud's own use; `taken`: one address that an interface has.
 */
export interface Cell {
  readonly range: IpRange;
  readonly state: 'free' | 'mixed' | 'block' | 'reserved' | 'taken';
  /** The one that it is within. */
  readonly block?: Block;
  /** Blocks that begin in it or that it is within. */
  readonly blocks: number;
  /** Addresses in it that are some block's. */
  readonly assigned: bigint;
  /** Addresses in it that interfaces have. */
  readonly taken: number;
}

/** Bits that one step into the map takes: a window has 256 cells, or as many as it has addresses. */
const stepBits = 8;

/** The map of a window of a space: cells of one size, in order, that together are the window. At most 256. */
export function cellsOf(space: AddressSpace, window: IpRange): Cell[] {
  const length = Math.min(widthOf(window.family), window.length + stepBits);
  const blocks = space.blocks
    .filter(({ range }) => range.family === window.family)
    .toSorted((a, b) => (a.range.first < b.range.first ? -1 : 1));
  const addresses = space.addresses.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const size = sizeOf({ ...window, length });
  const count = Number(sizeOf(window) / size);
  const cells: Cell[] = [];
  let atBlock = 0;
  let atAddress = 0;
  for (let index = 0; index < count; index += 1) {
    const range: IpRange = { family: window.family, first: window.first + BigInt(index) * size, length };
    const end = endOf(range);
    const passed = (block: Block | undefined): boolean => block !== undefined && endOf(block.range) <= range.first;
    while (passed(blocks[atBlock])) atBlock += 1;
    const here: Block[] = [];
    for (let next = atBlock; ; next += 1) {
      const block = blocks[next];
      if (block === undefined || block.range.first >= end) break;
      here.push(block);
    }
    // What lies before the window is passed over, too.
    while ((addresses[atAddress] ?? end) < range.first) atAddress += 1;
    const from = atAddress;
    while ((addresses[atAddress] ?? end) < end) atAddress += 1;
    cells.push(cellOf(range, here, atAddress - from));
  }
  return cells;
}

function cellOf(range: IpRange, here: readonly Block[], taken: number): Cell {
  const [first] = here;
  const counts = { range, blocks: here.length, taken };
  if (first === undefined) return { ...counts, state: 'free', assigned: 0n };
  if (!contains(first.range, range)) {
    const assigned = here.reduce((sum, block) => sum + sizeOf(block.range), 0n);
    return { ...counts, state: 'mixed', assigned };
  }
  const isSingle = range.length === widthOf(range.family);
  const state = isSingle && taken > 0 ? 'taken' : isReserved(range, first.range) ? 'reserved' : 'block';
  return { ...counts, state, block: first, assigned: sizeOf(range) };
}

/** Whether the cloud keeps all addresses of a part of a block: network, gateway, and the last two of an IPv4 block. */
function isReserved(part: IpRange, block: IpRange): boolean {
  const isHead = endOf(part) <= block.first + 2n;
  const isTail = block.family === 'IPv4' && part.first >= endOf(block) - 2n;
  return isHead || isTail;
}

/** What a step into a cell shows: the block that it is within, if there is more to see of it, else the cell; undefined for what has no inside. */
export function insideOf(cell: Cell, window: IpRange): IpRange | undefined {
  if (cell.state === 'free' || cell.range.length === widthOf(cell.range.family)) return undefined;
  const { block } = cell;
  if (block !== undefined && block.range.length > window.length) return block.range;
  return cell.range;
}

/** The windows that lead from all of a space to one of its windows, both included. */
export function trailTo(space: AddressSpace, window: IpRange): IpRange[] {
  const trail = [space.range];
  for (let at = space.range; !sameRange(at, window) && contains(at, window);) {
    const cell = rangeAround({ family: at.family, value: window.first }, Math.min(at.length + stepBits, window.length));
    const block = space.blocks.find(({ range }) => contains(range, window) && range.length > at.length)?.range;
    at = block !== undefined && (block.length <= cell.length || contains(block, cell)) ? block : cell;
    trail.push(at);
  }
  return trail;
}

/** A stretch of a window in words: a block, or what is free between blocks. */
export interface Segment {
  readonly family: Family;
  readonly first: bigint;
  /** Last address. */
  readonly last: bigint;
  readonly block?: Block;
  /** Addresses in it that interfaces have. */
  readonly taken: number;
}

/** The same as the map, as rows: blocks and the gaps between them, in order. Together they are the window. */
export function segmentsOf(space: AddressSpace, window: IpRange): Segment[] {
  const { family } = window;
  const end = endOf(window);
  const addresses = space.addresses.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const segments: Segment[] = [];
  const push = (first: bigint, next: bigint, block?: Block): void => {
    if (first >= next) return;
    const taken = countBelow(addresses, next) - countBelow(addresses, first);
    segments.push({ family, first, last: next - 1n, ...(block === undefined ? {} : { block }), taken });
  };
  let at = window.first;
  const inWindow = space.blocks
    .filter(({ range }) => range.family === family && range.first < end && endOf(range) > window.first)
    .toSorted((a, b) => (a.range.first < b.range.first ? -1 : 1));
  for (const block of inWindow) {
    const first = block.range.first > at ? block.range.first : at;
    const next = endOf(block.range) < end ? endOf(block.range) : end;
    push(at, first);
    push(first, next, block);
    at = next;
  }
  push(at, end);
  return segments;
}

/** How many of a sorted list are smaller. */
function countBelow(sorted: readonly bigint[], bound: bigint): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
