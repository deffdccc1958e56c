import type { Authenticate } from '../authenticate.ts';
import type { Identity } from '../identity.ts';
import type { Addresses } from './addresses.ts';
import { createTurns } from './turns.ts';

/** Authentication of what comes from an address. Throws TooMany when too much of what came from there proved nothing. */
export type AuthenticateFrom = (authorization: string | undefined, address: string) => Promise<Identity | undefined>;

const waitMs = 5_000;
const oneByOne = { most: 1, waiting: 100 };

/**
 * Limits guessing, without locking out those who share an address with somebody who guesses: from there credentials are
 * looked at one by one, and those of the others, which are known already, take no time.
 */
export function authenticateFrom(authenticate: Authenticate, addresses: Addresses): AuthenticateFrom {
  const turns = createTurns({ total: 64, waitMs });
  return async (authorization, address) => {
    const isSuspect = addresses.isSuspect(address);
    if (isSuspect && authorization === undefined) addresses.spend(address);
    const release = isSuspect ? await turns.enter(address, oneByOne) : undefined;
    try {
      const identity = await authenticate(authorization);
      if (identity === undefined) addresses.spend(address);
      return identity;
    } finally {
      release?.();
    }
  };
}
