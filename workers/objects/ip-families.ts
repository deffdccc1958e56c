import type { IPFamily, Network } from '../../kinds/generated/types.ts';

/** Address families of a network; an empty list means the default, as no list does. */
export function familiesOf({ spec: { ipFamilies } }: Pick<Network, 'spec'>): readonly IPFamily[] {
  return ipFamilies === undefined || ipFamilies.length === 0 ? ['IPv4'] : ipFamilies;
}
