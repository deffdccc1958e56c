import type { IPFamily, Network } from '../../kinds/generated/types.ts';

/** Address families of a network; an empty list means the default, as no list does. */
export function familiesOf({ spec: { ipFamilies } }: Pick<Network, 'spec'>): readonly IPFamily[] {
  return ipFamilies === undefined || ipFamilies.length === 0 ? ['IPv4'] : ipFamilies;
}

/** Where the ranges of external IPv6 subnets lie, which the cloud chooses: all addresses of the internet. */
const internetIpv6 = '2000::/3';

/** Range that the IPv6 subnets of a network with external addresses are in; undefined for other networks. */
export function externalIpv6Range({ spec }: Pick<Network, 'spec'>): string | undefined {
  return spec.ipv6Access === 'External' ? internetIpv6 : undefined;
}
