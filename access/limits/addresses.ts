import type { ServerLimits } from './limits.ts';
import { createCounted } from './counted.ts';
import { createPurse } from './purse.ts';
import { createPurses } from './purses.ts';
import { createRefusals } from './refusals.ts';
import { TooMany, tooMany } from './too-many.ts';
import type { Release } from './turns.ts';

/** What is limited by where it comes from, while nobody knows who it is. */
export interface Addresses {
  /** Counts a new connection of an address; undefined where it must be refused, before anything is read from it. */
  connect(address: string): Release | undefined;
  /** Pays for a request that proves no identity. Throws TooMany when the address has made too many of them. */
  spend(address: string): void;
  /** Whether to tell such a request that it was refused; see `RequestLimits.turnAway`. */
  turnAway(address: string, bodyBytes: number): boolean | Promise<boolean>;
  /** Whether an address has made too many such requests. */
  isSuspect(address: string): boolean;
}

export function createAddresses(limits: ServerLimits): Addresses {
  const { connections, connectionsPerAddress, newConnections, anonymous } = limits;
  const open = createCounted('connections', connections);
  const arrivals = createPurses(() => createPurse(newConnections));
  const refusals = createRefusals();
  const strangers = createPurses(() => createPurse(anonymous));
  return {
    connect(address) {
      const block = blockOf(address);
      if (arrivals.of(block).take(1) > 0) return undefined;
      try {
        return open.open(block, connectionsPerAddress);
      } catch (error) {
        if (error instanceof TooMany) return undefined;
        throw error;
      }
    },
    spend(address) {
      const waitMs = strangers.of(blockOf(address)).take(1);
      if (waitMs > 0) throw tooMany('too many requests without a valid credential', waitMs);
    },
    turnAway: (address, bodyBytes) => refusals.turnAway(blockOf(address), bodyBytes),
    isSuspect: (address) => (strangers.known(blockOf(address))?.take(0) ?? 0) > 0,
  };
}

/** What is taken for one sender: an IPv4 address, or the /64 of an IPv6 address, all of which one sender may have. */
function blockOf(address: string): string {
  if (!address.includes(':')) return address;
  if (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address)) return address.slice('::ffff:'.length);
  const [head = ''] = address.split('%', 1);
  const [front = '', back] = head.split('::');
  const groups = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const whole =
    back === undefined
      ? groups
      : [...groups, ...Array.from({ length: 8 - groups.length - tail.length }, () => '0'), ...tail];
  return `${whole.slice(0, 4).join(':')}::/64`;
}
