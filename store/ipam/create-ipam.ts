import type { Pool } from 'pg';
import { addressesOf, createAllocateAddress, releaseAddresses, subnetUse } from './addresses.ts';
import { createAllocateBlock, releaseBlock } from './blocks.ts';
import { growBlock } from './grow-block.ts';
import { dropSpace, ensureSpace, networkUse } from './spaces.ts';
import { fromPostgres } from '../pg-errors.ts';
import type { Ipam } from './types.ts';

/** Address management on Postgres: one SQL function per operation, see the migration `ipam`. The pool stays the caller's. */
export function createIpam(pool: Pool): Ipam {
  return {
    ensureSpace: refusing((network) => ensureSpace(pool, network)),
    dropSpace: refusing((network) => dropSpace(pool, network)),
    allocateBlock: refusing(createAllocateBlock(pool)),
    growBlock: refusing((request) => growBlock(pool, request)),
    releaseBlock: refusing((request) => releaseBlock(pool, request)),
    allocateAddress: refusing(createAllocateAddress(pool)),
    releaseAddresses: refusing((request) => releaseAddresses(pool, request)),
    addressesOf: refusing((request) => addressesOf(pool, request)),
    subnetUse: refusing((request) => subnetUse(pool, request)),
    networkUse: refusing((request) => networkUse(pool, request)),
  };
}

/** The same call, its errors as those of the store: a lost database is Unavailable. */
function refusing<Request, Answer>(run: (request: Request) => Promise<Answer>): (request: Request) => Promise<Answer> {
  return (request) => run(request).catch((error: unknown) => Promise.reject(fromPostgres(error)));
}
