import type { Pool } from 'pg';
import { familyNumber, isAddress, isPrefixLength, prefixLengthOf } from './cidr.ts';
import { joinCalls } from './join-calls.ts';
import { addressConflict, outOfRange, rangeExhausted } from './refusal.ts';
import type { Cidr, Ipam, Refusal } from './types.ts';

type AllocateRequest = Parameters<Ipam['allocateBlock']>[0];

interface BlockRow {
  readonly reason: Refusal['reason'] | null;
  readonly block: Cidr | null;
  readonly holder: string | null;
  readonly held: Cidr | null;
  readonly space_range: Cidr | null;
  readonly aligned: boolean | null;
}

/** See Ipam.allocateBlock. Calls for one network that come while another is under way share a transaction. */
export function createAllocateBlock(pool: Pool): Ipam['allocateBlock'] {
  const allocate = joinCalls(
    ({ project, network, family }: AllocateRequest) => `${project}/${network}/${family}`,
    (requests) => allocateBlocks(pool, requests),
  );
  return async (request) => {
    const { family, prefixLength, startAddress } = request;
    if (!isPrefixLength(prefixLength, family)) return outOfRange(`/${prefixLength} is not an ${family} prefix length`);
    if (startAddress !== undefined && !isAddress(startAddress, family)) {
      return outOfRange(`${startAddress} is not an ${family} address`);
    }
    const answer = await allocate(request);
    if (answer.reason === null && answer.block !== null) return { ok: true, block: answer.block };
    return refuse(request, answer);
  };
}

/** All requests are for one network, so only one lock is taken. */
async function allocateBlocks(pool: Pool, requests: readonly AllocateRequest[]): Promise<readonly BlockRow[]> {
  const { rows } = await pool.query<BlockRow>({
    name: 'ipam_allocate_block',
    text: `SELECT answer.* FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::smallint[], $6::inet[])
             WITH ORDINALITY AS request (project, network, family, owner, prefix, start, position),
           LATERAL ipam_allocate_block(project, network, family, owner, prefix, start) AS answer ORDER BY position`,
    values: [
      requests.map(({ project }) => project),
      requests.map(({ network }) => network),
      requests.map(({ family }) => familyNumber(family)),
      requests.map(({ owner }) => owner),
      requests.map(({ prefixLength }) => prefixLength),
      requests.map(({ startAddress }) => startAddress ?? null),
    ],
  });
  return rows;
}

function refuse(request: AllocateRequest, answer: BlockRow): Refusal {
  const { family, prefixLength, startAddress } = request;
  const range = answer.space_range;
  if (range === null) return outOfRange(`The network has no ${family} range`);
  if (answer.reason === 'RangeExhausted') {
    return rangeExhausted(`No free /${prefixLength} is left in ${range}; delete a subnet or widen the network's range`);
  }
  if (prefixLength < prefixLengthOf(range))
    return outOfRange(`A /${prefixLength} is larger than the network's range ${range}`);
  const wanted = `${startAddress}/${prefixLength}`;
  if (answer.reason === 'AddressConflict' && answer.holder !== null) {
    return addressConflict(`${wanted} overlaps ${answer.held}, which Subnet ${answer.holder} holds`, answer.holder);
  }
  if (answer.aligned === false) {
    return outOfRange(
      `${wanted} does not start at a /${prefixLength} boundary; the block around it is ${answer.block}`,
    );
  }
  return outOfRange(`${wanted} lies outside the network's range ${range}`);
}

/** See Ipam.releaseBlock. */
export async function releaseBlock(
  pool: Pool,
  { project, owner }: Parameters<Ipam['releaseBlock']>[0],
): Promise<boolean> {
  const { rows } = await pool.query<{ released: boolean }>({
    name: 'ipam_release_block',
    text: 'SELECT ipam_release_block($1, $2) AS released',
    values: [project, owner],
  });
  return rows[0]?.released === true;
}
