import type { Ipv4Range } from './cidr.ts';

/** Which addresses are held, per pool (a subnetwork, or the external addresses). */
export interface AddressPools {
  take(pool: string, address: number): void;
  release(pool: string, address: number): void;
  isTaken(pool: string, address: number): boolean;
  /** The lowest free address of the range, or undefined when none is. It is not taken by this. */
  firstFree(pool: string, range: Ipv4Range): number | undefined;
  /** The next free address after the one given last, so that a released address is not soon given again. */
  nextFree(pool: string, range: Ipv4Range): number | undefined;
  takenCount(pool: string): number;
}

interface Pool {
  readonly taken: Set<number>;
  /** How often an address is held beyond the first time, as when a machine uses a reserved address. */
  readonly more: Map<number, number>;
  /** No address from `searchedFrom` up to, not including, this one is free. */
  lowestMaybeFree: number;
  searchedFrom: number;
  lastGiven: number;
}

export function createAddressPools(): AddressPools {
  const pools = new Map<string, Pool>();
  const poolOf = (name: string) => {
    let pool = pools.get(name);
    if (pool === undefined) pools.set(name, (pool = emptyPool()));
    return pool;
  };

  return {
    take(name, address) {
      const pool = poolOf(name);
      if (pool.taken.has(address)) pool.more.set(address, (pool.more.get(address) ?? 0) + 1);
      else pool.taken.add(address);
    },
    release(name, address) {
      const pool = poolOf(name);
      const more = pool.more.get(address) ?? 0;
      if (more > 1) pool.more.set(address, more - 1);
      else pool.more.delete(address);
      if (more > 0) return;
      pool.taken.delete(address);
      if (pool.taken.size === 0 && pool.lastGiven < 0) pools.delete(name);
      pool.lowestMaybeFree = Math.min(pool.lowestMaybeFree, address);
    },
    isTaken: (name, address) => poolOf(name).taken.has(address),
    firstFree(name, range) {
      const pool = poolOf(name);
      let address = range.first >= pool.searchedFrom ? Math.max(range.first, pool.lowestMaybeFree) : range.first;
      while (address <= range.last && pool.taken.has(address)) address += 1;
      pool.searchedFrom = range.first;
      pool.lowestMaybeFree = address;
      return address <= range.last ? address : undefined;
    },
    nextFree(name, range) {
      const pool = poolOf(name);
      const size = range.last - range.first + 1;
      if (pool.taken.size >= size) return undefined;
      let address = pool.lastGiven;
      do address = address < range.first || address >= range.last ? range.first : address + 1;
      while (pool.taken.has(address));
      pool.lastGiven = address;
      return address;
    },
    takenCount: (name) => pools.get(name)?.taken.size ?? 0,
  };
}

function emptyPool(): Pool {
  return { taken: new Set(), more: new Map(), lowestMaybeFree: 0, searchedFrom: 0, lastGiven: -1 };
}
