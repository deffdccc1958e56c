import { parseAddress, formatAddress } from '../../kinds/cidr.ts';
import { maxPageSize } from '../../kinds/generator/graphql-api/page.ts';
import type { AddressHolder } from '../../store/ipam/address-holders.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput } from '../uniform/errors.ts';

/** Networks that are looked at for one question, whoever may see them: a bound of the work, not of the answer. */
const maxNetworks = 2_000;

/** Root field that finds who has an address. */
export const addressResolvers = {
  async whoHas(_: unknown, { address }: { readonly address: string }, context: SubgraphContext): Promise<object[]> {
    const parsed = parseAddress(address.trim());
    if (parsed === undefined) throw badInput(`${JSON.stringify(address)} is no IPv4 or IPv6 address`, 'address');
    const { inventory, request } = context;
    const holders = await inventory.addressHolders(request.project, formatAddress(parsed), maxNetworks);
    const seen = await Promise.all(holders.map((holder) => seenOf(holder, context)));
    return seen.filter((each) => each !== undefined).slice(0, maxPageSize);
  },
};

/** As much of it as the caller may know; undefined where that is nothing. */
async function seenOf(holder: AddressHolder, { loaders }: SubgraphContext): Promise<object | undefined> {
  const { range, block, interfaceIndex, state } = holder;
  const read = async (kind: string, key: AddressHolder['network']) => key && (await loaders.object(kind, key));
  const [network, subnet, instance] = await Promise.all([
    read('Network', holder.network),
    read('Subnet', holder.subnet),
    read('Instance', holder.instance),
  ]);
  if (network === undefined) return undefined;
  // Whether an address is taken is the subnet's affair, and who has it the instance's.
  const isKnown = subnet !== undefined || state === 'unassigned';
  return {
    network,
    range,
    subnet,
    subnetRange: subnet && block,
    instance,
    interface: instance && interfaceIndex,
    state: isKnown ? states[state] : undefined,
  };
}

const states = {
  unassigned: 'UNASSIGNED',
  reserved: 'RESERVED',
  free: 'FREE',
  allocated: 'ALLOCATED',
} as const satisfies Record<AddressHolder['state'], string>;
