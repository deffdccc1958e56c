import type { Pool } from 'pg';
import { fromPostgres } from '../pg-errors.ts';
import type { Cidr } from './types.ts';

/** Name of a living object. */
interface HolderName {
  readonly namespace: string;
  readonly name: string;
}

/** What one network of a project knows of an address in its range. An object is absent where it lives no more. */
export interface AddressHolder {
  readonly network: HolderName | undefined;
  /** Range of the network. */
  readonly range: Cidr;
  /** Absent where no subnet has the address. */
  readonly subnet: HolderName | undefined;
  /** Range of the subnet. */
  readonly block: Cidr | undefined;
  /** Absent where no interface has the address. */
  readonly instance: HolderName | undefined;
  readonly interfaceIndex: number | undefined;
  /** `unassigned`: in no subnet; `reserved`: the cloud keeps it. */
  readonly state: 'unassigned' | 'reserved' | 'free' | 'allocated';
}

interface Row {
  readonly range: Cidr;
  readonly block: Cidr | null;
  readonly state: AddressHolder['state'];
  readonly interface_index: number | null;
  readonly network_namespace: string | null;
  readonly network_name: string | null;
  readonly subnet_namespace: string | null;
  readonly subnet_name: string | null;
  readonly instance_namespace: string | null;
  readonly instance_name: string | null;
}

/**
 * The networks of a project in whose range an address lies, at most `limit`: first those where an interface has it, then
 * those where a subnet has it. Every step goes by an index. `address` is one that Postgres reads. Asks nobody whether they
 * may know.
 */
export async function addressHolders(
  pool: Pool,
  project: string,
  address: string,
  limit: number,
): Promise<AddressHolder[]> {
  const { rows } = await pool
    .query<Row>({ name: 'ipam_address_holders', text: holdersText, values: [project, address, limit] })
    .catch((error: unknown) => Promise.reject(fromPostgres(error)));
  return rows.map((row) => ({
    network: nameOf(row.network_namespace, row.network_name),
    range: row.range,
    subnet: nameOf(row.subnet_namespace, row.subnet_name),
    block: row.block ?? undefined,
    instance: nameOf(row.instance_namespace, row.instance_name),
    interfaceIndex: row.interface_index ?? undefined,
    state: row.state,
  }));
}

/** Its statement. Blocks tile the range of their space, so the one that begins last before the address is the one around it. */
export const holdersText = `
  select s.range::text, case when b.owner is not null then b.block::text end as block, a.interface_index,
    case when a.owner is not null then 'allocated' when b.owner is null then 'unassigned'
      when $2::inet < ipam_first(b.block) or $2::inet > ipam_last(b.block) then 'reserved' else 'free' end as state,
    n.namespace as network_namespace, n.name as network_name, sub.namespace as subnet_namespace, sub.name as subnet_name,
    i.namespace as instance_namespace, i.name as instance_name
  from ipam_space s
  cross join lateral (
    select block, owner from ipam_block where space = s.id and first <= $2::inet order by first desc limit 1) b
  left join ipam_address a on a.space = s.id and a.address = $2::inet and a.owner is not null
  left join resource n on n.uid = s.network::uuid
  left join resource sub on sub.uid = b.owner::uuid
  left join resource i on i.uid = a.owner::uuid
  where s.project = $1 and s.range >>= $2::inet
  order by (a.owner is null), (b.owner is null), n.namespace, n.name
  limit $3`;

function nameOf(namespace: string | null, name: string | null): HolderName | undefined {
  return namespace === null || name === null ? undefined : { namespace, name };
}
