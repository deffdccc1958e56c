import type { Subnet } from '../../../sdk/main.ts';
import { healthOf } from '../../catalog/health.ts';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import { countText } from '../../models/consumers.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';
import type { NetworkParts } from './use-network-parts.ts';

/** Where a network is present, and its subnets there. */
export function ContextsPanel({ parts: { contexts, subnets } }: { readonly parts: NetworkParts }) {
  return (
    <Panel
      title="Contexts and subnets"
      aside={<span className="muted">{countText(contexts.length, 'location')}</span>}
      flush
    >
      {contexts.length === 0 ? (
        <p className="muted panel-body">
          It is in no location yet: that comes with the first workload or binding that needs it there.
        </p>
      ) : (
        <PlainTable
          label="Contexts with their subnets"
          head={['Location', 'Context', 'State', 'Subnets', 'Addresses in use']}
          rows={contexts.map((context) => {
            const { label, tone, condition } = healthOf(context);
            const own = subnets.filter(({ spec }) => spec.networkContext.name === context.metadata.name);
            const { location } = context.spec;
            return {
              key: context.metadata.uid,
              cells: [
                <Link key="location" to={pathOf('Location', location) ?? paths.overview}>
                  {location.name}
                </Link>,
                <Link key="context" to={pathOf('NetworkContext', context.metadata) ?? paths.overview}>
                  {context.metadata.name}
                </Link>,
                <Status key="state" tone={tone} label={label} title={condition?.message} />,
                <SubnetList key="subnets" subnets={own} />,
                <SubnetUse key="use" subnets={own} />,
              ],
            };
          })}
        />
      )}
    </Panel>
  );
}

function SubnetList({ subnets }: { readonly subnets: readonly Subnet[] }) {
  if (subnets.length === 0) return <span className="muted">none yet</span>;
  return subnets.map((subnet) => {
    const { startAddress, prefixLength } = subnet.status ?? {};
    return (
      <div key={subnet.metadata.uid}>
        <Link to={pathOf('Subnet', subnet.metadata) ?? paths.overview}>
          {startAddress ? (
            <code>
              {startAddress}/{prefixLength}
            </code>
          ) : (
            subnet.metadata.name
          )}
        </Link>
      </div>
    );
  });
}

function SubnetUse({ subnets }: { readonly subnets: readonly Subnet[] }) {
  return subnets.map(({ metadata, status }) => {
    const { allocated = 0, capacity } = status?.addresses ?? {};
    return (
      <div key={metadata.uid}>
        {allocated.toLocaleString()}
        {capacity !== undefined && capacity !== null && (
          <span className="muted"> of {BigInt(capacity).toLocaleString()}</span>
        )}
      </div>
    );
  });
}
