import { isIP } from 'node:net';
import type { Pool } from 'pg';
import { exceeded, exceededText } from '../quota/exceeded.ts';
import { usableOf } from './cidr.ts';
import { joinCalls } from './join-calls.ts';
import { outOfRange, rangeExhausted } from './refusal.ts';
import type { Cidr, Ipam, Refusal } from './types.ts';

type AllocateRequest = Request<'allocateAddress'>;
type Request<Verb extends keyof Ipam> = Parameters<Ipam[Verb]>[0];

interface AddressRow {
  readonly reason: Refusal['reason'] | 'QuotaExceeded' | null;
  readonly address: string | null;
  readonly block: Cidr | null;
  readonly quota: { quota: string; resource: string; hard: string; used: string } | null;
}

/** See Ipam.allocateAddress. Calls for one subnet that come while another is under way share a transaction. */
export function createAllocateAddress(pool: Pool): Ipam['allocateAddress'] {
  const allocate = joinCalls(
    ({ project, subnet }: AllocateRequest) => `${project}/${subnet}`,
    (requests) => allocateAddresses(pool, requests),
  );
  return async (request) => {
    const answer = await allocate(request);
    if (answer.reason === null && answer.address !== null) return { ok: true, address: answer.address };
    if (answer.quota !== null) {
      const limit = exceeded({ ...answer.quota, counts: 'addresses', project: request.project, requested: '1' });
      return { ok: false, reason: 'QuotaExceeded', message: exceededText([limit]) };
    }
    if (answer.block === null) return outOfRange(`Subnet ${request.subnet} holds no block of addresses`);
    return rangeExhausted(`All ${usableOf(answer.block)} addresses of ${answer.block} are given`);
  };
}

/** All requests are for one subnet, so only one lock is taken. */
async function allocateAddresses(pool: Pool, requests: readonly AllocateRequest[]): Promise<readonly AddressRow[]> {
  const { rows } = await pool.query<AddressRow>({
    name: 'ipam_allocate_address',
    text: `SELECT reason, host(address) AS address, block, quota
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::inet[])
             WITH ORDINALITY AS request (project, namespace, subnet, owner, interface, wanted, position),
           LATERAL ipam_allocate_address(project, namespace, subnet, owner, interface, wanted) AS answer ORDER BY position`,
    values: [
      requests.map(({ project }) => project),
      requests.map(({ namespace = '' }) => namespace),
      requests.map(({ subnet }) => subnet),
      requests.map(({ owner }) => owner),
      requests.map(({ interfaceIndex }) => interfaceIndex),
      requests.map(({ address }) => (address !== undefined && isIP(address) !== 0 ? address : null)),
    ],
  });
  return rows;
}

/** See Ipam.releaseAddresses. */
export async function releaseAddresses(pool: Pool, { project, owner }: Request<'releaseAddresses'>): Promise<string[]> {
  const { rows } = await pool.query<{ subnet: string }>({
    name: 'ipam_release_addresses',
    text: 'SELECT ipam_release_addresses($1, $2) AS subnet',
    values: [project, owner],
  });
  return rows.map(({ subnet }) => subnet);
}

/** See Ipam.addressesOf; by interface. */
export async function addressesOf(
  pool: Pool,
  { project, owner }: Request<'addressesOf'>,
): ReturnType<Ipam['addressesOf']> {
  const { rows } = await pool.query<{ subnet: string; interfaceIndex: number; address: string }>({
    name: 'ipam_addresses_of',
    text: `SELECT subnet, interface_index AS "interfaceIndex", host(address) AS address
           FROM ipam_address WHERE project = $1 AND owner = $2 ORDER BY interface_index, family(address), subnet`,
    values: [project, owner],
  });
  return rows;
}

/** See Ipam.subnetUse. */
export async function subnetUse(pool: Pool, { project, subnet }: Request<'subnetUse'>): ReturnType<Ipam['subnetUse']> {
  const { rows } = await pool.query<{ block: Cidr; allocated: string }>({
    name: 'ipam_subnet_use',
    text: 'SELECT block, allocated FROM ipam_block WHERE project = $1 AND owner = $2',
    values: [project, subnet],
  });
  const row = rows[0];
  return row && { capacity: usableOf(row.block), allocated: BigInt(row.allocated) };
}
