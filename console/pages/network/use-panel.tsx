import type { Network } from '../../../sdk/main.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { rangesOf } from '../../models/topology.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

/** What a network is, and how much of its ranges is used. */
export function UsePanel({ network }: { readonly network: Network }) {
  const { metadata, spec, status } = network;
  const { allocatedAddresses, capacity, subnets } = status?.ipam ?? {};
  const count = (value: number | string | null | undefined): string | undefined =>
    value === undefined || value === null ? undefined : BigInt(value).toLocaleString();
  return (
    <Panel
      title="Address space"
      aside={
        <Link to={pathOf('Network', metadata) ?? paths.overview} parameters={{ tab: 'addresses' }}>
          Show the map
        </Link>
      }
    >
      <Facts
        facts={[
          ['Ranges', <code key="ranges">{rangesOf(network).join(', ')}</code>],
          ['Addresses in use', count(allocatedAddresses)],
          ['Addresses in all', count(capacity)],
          ['Subnets', count(subnets)],
          [
            'Mode',
            spec.ipam.mode === 'Auto'
              ? 'Auto: subnets get their ranges by themselves'
              : 'Policy: whoever writes a subnet gives its range',
          ],
          ['Families', (spec.ipFamilies ?? ['IPv4']).join(', ')],
          ['Largest packet', spec.mtu === undefined ? undefined : `${spec.mtu} bytes`],
        ]}
      />
    </Panel>
  );
}
