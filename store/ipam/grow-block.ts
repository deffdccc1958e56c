import type { Pool } from 'pg';
import { isAddress, isPrefixLength } from './cidr.ts';
import { addressConflict, outOfRange } from './refusal.ts';
import type { Cidr, Ipam, Refusal } from './types.ts';

interface GrowthRow {
  readonly reason: Refusal['reason'] | null;
  readonly block: Cidr | null;
  readonly holder: string | null;
  readonly held: Cidr | null;
  readonly space_range: Cidr | null;
}

/** See Ipam.growBlock. */
export async function growBlock(
  pool: Pool,
  { project, owner, prefixLength, startAddress }: Parameters<Ipam['growBlock']>[0],
): ReturnType<Ipam['growBlock']> {
  if (!isPrefixLength(prefixLength, 'IPv6')) return outOfRange(`/${prefixLength} is not a prefix length`);
  if (startAddress !== undefined && !isAddress(startAddress, 'IPv4') && !isAddress(startAddress, 'IPv6'))
    return outOfRange(`${startAddress} is not an address`);
  const { rows } = await pool.query<GrowthRow>({
    name: 'ipam_grow_block',
    text: 'SELECT * FROM ipam_grow_block($1, $2, $3, $4)',
    values: [project, owner, prefixLength, startAddress ?? null],
  });
  const answer = rows[0];
  if (answer?.block == null) return outOfRange(`Subnet ${owner} holds no block of addresses`);
  const { reason, block, holder, held, space_range: range } = answer;
  if (reason === null) return { ok: true, block };
  if (holder !== null) return addressConflict(`${block} overlaps ${held}, which Subnet ${holder} holds`, holder);
  if (range !== null && prefixLength < Number(range.split('/')[1]))
    return outOfRange(`A /${prefixLength} is larger than the network's range ${range}`);
  return outOfRange(`The /${prefixLength} around the subnet begins elsewhere than at ${startAddress}: it is ${block}`);
}
