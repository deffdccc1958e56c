import { useMemo } from 'react';
import type { Instance, Network } from '../../../sdk/main.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { type AddressSpace, trailTo } from '../../models/address-map.ts';
import { contains, formatRange, type IpRange, parseAddress, parseRange, sameRange } from '../../models/ip-range.ts';
import { addressesOf, rangeOfSubnet, rangesOf } from '../../models/topology.ts';
import { useParameter } from '../../routing/scope.ts';
import { AddressMap } from './address-map.tsx';
import { AddressTable } from './address-table.tsx';
import { type NetworkParts, useNetworkParts } from './use-network-parts.ts';
import './address-tab.css';

/** Objects behind the numbers of a map. */
export interface MapNames {
  /** Names of subnets by key of their block. */
  readonly subnets: ReadonlyMap<string, string>;
  readonly instances: ReadonlyMap<bigint, Instance>;
}

/** The address space of a network as a map to step into, and the same as a table. */
export function AddressTab({ network }: { readonly network: Network }) {
  const [at] = useParameter('at');
  const ranges = rangesOf(network)
    .map(parseRange)
    .filter((range) => range !== undefined);
  const wanted = at === undefined ? undefined : parseRange(at);
  // What lies in none of its ranges shows all of the first.
  const root = ranges.find((range) => wanted !== undefined && contains(range, wanted)) ?? ranges[0];
  if (root === undefined)
    return (
      <EmptyState title="No range yet">
        The network gets its ranges when the control plane looks at it first.
      </EmptyState>
    );
  const window = wanted !== undefined && contains(root, wanted) ? wanted : root;
  return <SpacePanel network={network} ranges={ranges} rootText={formatRange(root)} windowText={formatRange(window)} />;
}

interface SpacePanelProps {
  readonly network: Network;
  readonly ranges: readonly IpRange[];
  /** The range of the network that is shown, and the part of it: as texts, which are the same when they say the same. */
  readonly rootText: string;
  readonly windowText: string;
}

function SpacePanel({ network, ranges, rootText, windowText }: SpacePanelProps) {
  const [, setAt] = useParameter('at');
  const [form = 'map', setForm] = useParameter('form');
  const { instances, subnets } = useNetworkParts(network);
  const { namespace, name } = network.metadata;
  const { space, names } = useMemo(
    () => spaceOf(parseRange(rootText)!, subnets, instances, { metadata: { namespace, name } }), // It was a range before.
    [rootText, subnets, instances, namespace, name],
  );
  const window = useMemo(() => parseRange(windowText)!, [windowText]); // It was a range before.
  const root = space.range;
  const show = (range: IpRange): void => setAt(formatRange(range));
  return (
    <Panel
      title="Address space"
      aside={
        <div className="row">
          {ranges.length > 1 && (
            <Segmented
              label="Range"
              value={formatRange(root)}
              options={ranges.map((range) => ({ value: formatRange(range), label: range.family }))}
              onChange={setAt}
            />
          )}
          <Segmented
            label="Form"
            value={form === 'table' ? 'table' : 'map'}
            options={[
              { value: 'map', label: 'Map' },
              { value: 'table', label: 'Table' },
            ]}
            onChange={(next) => setForm(next === 'map' ? undefined : next)}
          />
        </div>
      }
    >
      <Trail trail={trailTo(space, window)} onGo={show} />
      {form === 'table' ? (
        <AddressTable space={space} window={window} names={names} onGo={show} />
      ) : (
        <AddressMap space={space} window={window} names={names} onGo={show} />
      )}
    </Panel>
  );
}

/** What of a range is given, and the names behind it. */
function spaceOf(
  range: IpRange,
  subnets: NetworkParts['subnets'],
  instances: NetworkParts['instances'],
  network: Parameters<typeof addressesOf>[1],
): { readonly space: AddressSpace; readonly names: MapNames } {
  const blocks = subnets.flatMap((subnet) => {
    const own = rangeOfSubnet(subnet);
    return own !== undefined && contains(range, own) ? [{ key: subnet.metadata.uid, range: own }] : [];
  });
  const byAddress = new Map<bigint, Instance>();
  for (const instance of instances)
    for (const text of addressesOf(instance, network)) {
      const address = parseAddress(text);
      if (address?.family === range.family) byAddress.set(address.value, instance);
    }
  return {
    space: { range, blocks, addresses: [...byAddress.keys()] },
    names: {
      subnets: new Map(subnets.map(({ metadata }) => [metadata.uid, metadata.name])),
      instances: byAddress,
    },
  };
}

interface TrailProps {
  readonly trail: readonly IpRange[];
  readonly onGo: (range: IpRange) => void;
}

/** How one came here, to go back. */
function Trail({ trail, onGo }: TrailProps) {
  const last = trail.at(-1);
  return (
    <nav aria-label="Part of the range that is shown">
      <ol className="address-trail">
        {trail.map((range) => (
          <li key={formatRange(range)}>
            {last !== undefined && sameRange(range, last) ? (
              <code aria-current="location">{formatRange(range)}</code>
            ) : (
              <button type="button" className="link-button" onClick={() => onGo(range)}>
                <code>{formatRange(range)}</code>
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
