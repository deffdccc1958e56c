import type { Pool } from 'pg';
import { familyNumber, isCidr, sizeOf } from './cidr.ts';
import { outOfRange, rangeExhausted } from './refusal.ts';
import type { Cidr, Ipam, IpFamily, SpaceUse } from './types.ts';

/** Range of an IPv4 network that names none. */
const defaultIpv4Range: Cidr = '10.128.0.0/9';

type Request<Verb extends keyof Ipam> = Parameters<Ipam[Verb]>[0];

/** See Ipam.ensureSpace. */
export async function ensureSpace(pool: Pool, network: Request<'ensureSpace'>): ReturnType<Ipam['ensureSpace']> {
  const { project, uid, family } = network;
  const range = network.range ?? (family === 'IPv4' ? await rangeOrDefault(pool, network) : null);
  if (range !== null && !isCidr(range, family)) return outOfRange(`${range} is not an ${family} range`);
  const { rows } = await pool.query<{ reason: string | null; range: Cidr | null }>({
    name: 'ipam_ensure_space',
    text: `SELECT reason, range FROM ipam_ensure_space($1, $2, $3, network($4::inet))`,
    values: [project, uid, familyNumber(family), range],
  });
  const answer = rows[0];
  if (answer?.range == null)
    return rangeExhausted('No /48 of fd20::/20 is left in this project; give the network an ipv6Range');
  if (answer.reason === null) return { ok: true, range: answer.range };
  return outOfRange(`The range of a network can only grow: ${range} does not contain ${answer.range}`);
}

/** The default is a choice of the first call only; later the network keeps what it has. */
async function rangeOrDefault(pool: Pool, { project, uid }: Request<'ensureSpace'>): Promise<Cidr> {
  const { rows } = await pool.query<{ range: Cidr }>({
    name: 'ipam_range',
    text: 'SELECT range FROM ipam_space WHERE project = $1 AND network = $2 AND family = 4',
    values: [project, uid],
  });
  return rows[0]?.range ?? defaultIpv4Range;
}

/** See Ipam.dropSpace. */
export async function dropSpace(pool: Pool, { project, uid }: Request<'dropSpace'>): Promise<boolean> {
  const { rows } = await pool.query<{ dropped: boolean }>({
    name: 'ipam_drop_space',
    text: 'SELECT ipam_drop_space($1, $2) AS dropped',
    values: [project, uid],
  });
  return rows[0]?.dropped === true;
}

/** See Ipam.networkUse. */
export async function networkUse(
  pool: Pool,
  { project, network }: Request<'networkUse'>,
): Promise<Partial<Record<IpFamily, SpaceUse>>> {
  const { rows } = await pool.query<{ family: 4 | 6; range: Cidr; blocks: string; used: string }>({
    name: 'ipam_network_use',
    text: 'SELECT family, range, blocks, used FROM ipam_space WHERE project = $1 AND network = $2',
    values: [project, network],
  });
  const use: Partial<Record<IpFamily, SpaceUse>> = {};
  for (const { family, range, blocks, used } of rows) {
    use[family === 4 ? 'IPv4' : 'IPv6'] = {
      range,
      blocks: Number(blocks),
      allocatedAddresses: BigInt(used),
      capacity: sizeOf(range),
    };
  }
  return use;
}
