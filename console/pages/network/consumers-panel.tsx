import type { Network } from '../../../sdk/main.ts';
import { fullName } from '../../catalog/any-object.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { consumersOf, countText } from '../../models/consumers.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { type NetworkParts, useNetworkUsers } from './use-network-parts.ts';

interface ConsumersPanelProps {
  readonly network: Network;
  readonly instances: NetworkParts['instances'];
}

/** Who uses a network; as long as anybody does, it cannot be deleted. */
export function ConsumersPanel({ network, instances }: ConsumersPanelProps) {
  const consumers = consumersOf(network, { ...useNetworkUsers(), instances });
  return (
    <Panel title="Used by" aside={<span className="muted">{countText(consumers.length, 'user')}</span>} flush>
      {consumers.length === 0 ? (
        <p className="muted panel-body">Nobody that your token may see. It can be deleted.</p>
      ) : (
        <PlainTable
          label="Users of the network"
          head={['Name', 'Kind', 'Use']}
          rows={consumers.map(({ kind, namespace, name, use }) => ({
            key: `${kind} ${namespace}/${name}`,
            cells: [
              <Link key="name" to={pathOf(kind, { namespace, name }) ?? paths.overview}>
                {fullName({ namespace, name })}
              </Link>,
              kind,
              use,
            ],
          }))}
        />
      )}
    </Panel>
  );
}
