import type { ReactNode } from 'react';
import type { Tone } from '../../catalog/health.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { StatusPill } from '../../components/status.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import type { Holder } from './use-holders.ts';

const states = {
  ALLOCATED: ['good', 'In use'],
  FREE: ['idle', 'Free'],
  RESERVED: ['busy', 'Kept by the cloud'],
  UNASSIGNED: ['idle', 'In no subnet'],
} as const satisfies Record<NonNullable<Holder['state']>, readonly [Tone, string]>;

interface HolderCardProps {
  readonly address: string;
  readonly holder: Holder;
}

/** What one network knows of an address. */
export function HolderCard({ address, holder }: HolderCardProps) {
  const { instance, network, range, state, subnet, subnetRange } = holder;
  const [tone, label] = state ? states[state] : (['idle', 'Not for you to see'] as const);
  const map = subnetRange ?? range;
  return (
    <Panel title={`Network ${network?.metadata.name ?? ''}`} aside={<StatusPill tone={tone} label={label} />}>
      <p className="holder-sentence">
        <code>{address}</code> {sentence(holder)}
      </p>
      <Facts
        facts={[
          ['Instance', instance && <NameLink kind="Instance" of={instance} />],
          ['Interface', instance && String(holder.interface)],
          ['Subnet', subnet && <NameLink kind="Subnet" of={subnet} />],
          ['Subnet range', subnetRange && <code>{subnetRange}</code>],
          ['Network', network && <NameLink kind="Network" of={network} />],
          ['Network range', <code key="range">{range}</code>],
          [
            'Map',
            network && (
              <Link
                to={pathOf('Network', network.metadata) ?? paths.overview}
                parameters={{ tab: 'addresses', at: map }}
              >
                Show on the address map
              </Link>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

function sentence({ instance, state, subnet }: Holder): ReactNode {
  switch (state) {
    case 'ALLOCATED':
      return instance ? (
        <>
          belongs to instance <strong>{instance.metadata.name}</strong>.
        </>
      ) : (
        'is given, to an instance that your token may not see or that is gone.'
      );
    case 'FREE':
      return <>is free, in subnet {subnet?.metadata.name}.</>;
    case 'RESERVED':
      return <>is one that the cloud keeps for itself, in subnet {subnet?.metadata.name}.</>;
    case 'UNASSIGNED':
      return 'lies in the network, but in none of its subnets.';
    default:
      return 'lies in the network; what has it your token may not see.';
  }
}

function NameLink({ kind, of: { metadata } }: { readonly kind: string; readonly of: NonNullable<Holder['network']> }) {
  return (
    <Link to={pathOf(kind, metadata) ?? paths.overview}>
      {metadata.namespace}/{metadata.name}
    </Link>
  );
}
