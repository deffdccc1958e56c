import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { fullName } from '../../catalog/any-object.ts';
import { useLiveOf } from '../../live/use-live-of.ts';
import { rangesOf } from '../../models/topology.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import { useNamespace } from '../../routing/scope.ts';

/** The ranges of all networks, and how much of each is used. */
export function NetworkRanges() {
  const { objects, error, isSynced } = useLiveOf('networks', { namespace: useNamespace() });
  if (error !== undefined) return <ErrorNotice what="The networks could not be read" error={error} />;
  return (
    <Panel title="Ranges" flush>
      {isSynced && objects.length === 0 ? (
        <EmptyState title="No networks yet">
          A network has a range, its subnets have parts of it, and instances have addresses of those.
        </EmptyState>
      ) : (
        <PlainTable
          label="Ranges of networks"
          head={['Network', 'Ranges', 'Subnets', 'Addresses in use', 'Of']}
          rows={objects.map((network) => ({
            key: fullName(network.metadata),
            cells: [
              <Link
                key="name"
                to={pathOf('Network', network.metadata) ?? paths.overview}
                parameters={{ tab: 'addresses' }}
              >
                {fullName(network.metadata)}
              </Link>,
              <code key="ranges">{rangesOf(network).join(', ') || '–'}</code>,
              (network.status?.ipam?.subnets ?? 0).toLocaleString(),
              (network.status?.ipam?.allocatedAddresses ?? 0).toLocaleString(),
              capacityText(network.status?.ipam?.capacity),
            ],
          }))}
        />
      )}
    </Panel>
  );
}

function capacityText(capacity: number | string | null | undefined): string {
  return capacity === undefined || capacity === null ? '–' : BigInt(capacity).toLocaleString();
}
