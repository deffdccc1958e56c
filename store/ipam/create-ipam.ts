import type { Pool } from 'pg';
import { addressesOf, createAllocateAddress, releaseAddresses, subnetUse } from './addresses.ts';
import { createAllocateBlock, releaseBlock } from './blocks.ts';
import { dropSpace, ensureSpace, networkUse } from './spaces.ts';
import type { Ipam } from './types.ts';

/** Address management on Postgres: one SQL function per operation, see the migration `ipam`. The pool stays the caller's. */
export function createIpam(pool: Pool): Ipam {
  return {
    ensureSpace: (network) => ensureSpace(pool, network),
    dropSpace: (network) => dropSpace(pool, network),
    allocateBlock: createAllocateBlock(pool),
    releaseBlock: (request) => releaseBlock(pool, request),
    allocateAddress: createAllocateAddress(pool),
    releaseAddresses: (request) => releaseAddresses(pool, request),
    addressesOf: (request) => addressesOf(pool, request),
    subnetUse: (request) => subnetUse(pool, request),
    networkUse: (request) => networkUse(pool, request),
  };
}
