import type { Identity } from '../identity.ts';
import { type Activity, type IdentityLimits, limitsFor, type Limits } from './limits.ts';
import type { Purse } from './purse.ts';

/** What is counted for one identity. */
export interface Account {
  readonly key: string;
  readonly limits: IdentityLimits;
  readonly purses: Readonly<Record<Activity, Purse>>;
}

export type MakePurse = (name: string, budget: IdentityLimits[Activity]) => Purse;

/** Accounts that can be opened again without anybody noticing are closed when there are more than this. */
const mostIdle = 20_000;

/** The accounts of those who were seen lately. */
export interface Accounts {
  of(identity: Identity): Account;
}

/** `isUsed` says whether more than the purses of an account is in use. */
export function createAccounts(limits: Limits, makePurse: MakePurse, isUsed: (key: string) => boolean): Accounts {
  const accounts = new Map<string, Account>();
  let roomAt = mostIdle;

  function makeRoom(): void {
    for (const [key, { purses }] of accounts) {
      if (!isUsed(key) && Object.values(purses).every((purse) => purse.isFull())) accounts.delete(key);
    }
    // Where all are in use, looking again at each new one would cost more than they do.
    roomAt = accounts.size + mostIdle;
  }

  return {
    of(identity) {
      const payer = payerOf(identity);
      const { key } = payer;
      let account = accounts.get(key);
      if (account === undefined) {
        if (accounts.size >= roomAt) makeRoom();
        account = openAccount(key, limitsFor(limits, payer), makePurse);
        accounts.set(key, account);
      }
      return account;
    },
  };
}

function openAccount(key: string, limits: IdentityLimits, makePurse: MakePurse): Account {
  const purse = (activity: Activity): Purse => makePurse(`${activity} ${key}`, limits[activity]);
  return {
    key,
    limits,
    purses: { read: purse('read'), write: purse('write'), watch: purse('watch'), review: purse('review') },
  };
}

/** Who pays: the one who acts, as whomever, in whatever project. */
function payerOf({ user, groups, boundTo, impersonator }: Identity): Payer {
  if (impersonator !== undefined) return { key: inside(boundTo, impersonator), user: impersonator, groups: [] };
  // Apart from a user of the same name who is no master.
  const name = groups.includes('system:masters') ? `${user} (system:masters)` : user;
  return { key: inside(boundTo, name), user, groups };
}

interface Payer extends Pick<Identity, 'user' | 'groups'> {
  readonly key: string;
}

/** Service accounts of two projects may have the same name. */
function inside(project: string | undefined, name: string): string {
  return project === undefined ? name : `${project}/${name}`;
}
