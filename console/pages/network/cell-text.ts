import type { Cell } from '../../models/address-map.ts';
import { countText } from '../../models/consumers.ts';
import { formatAddress, formatRange, widthOf } from '../../models/ip-range.ts';
import type { MapNames } from './address-tab.tsx';

/** What a square of the address map says, in words. */
export function cellText({ range, state, block, blocks, taken }: Cell, { subnets, instances }: MapNames): string {
  const { family, first, length } = range;
  const where = length === widthOf(family) ? formatAddress({ family, value: first }) : formatRange(range);
  const use = `${taken === 1 ? '1 address' : `${taken.toLocaleString('en')} addresses`} in use`;
  const subnet = block === undefined ? '' : `subnet ${subnets.get(block.key) ?? ''}`;
  switch (state) {
    case 'free':
      return `${where}: free`;
    case 'mixed':
      return `${where}: ${countText(blocks, 'subnet')}, ${use}`;
    case 'reserved':
      return `${where}: kept by the cloud, ${subnet}`;
    case 'taken':
      return `${where}: instance ${instances.get(first)?.metadata.name ?? ''}, ${subnet}`;
    case 'block':
      return length === widthOf(family) ? `${where}: free, ${subnet}` : `${where}: ${subnet}, ${use}`;
  }
}
