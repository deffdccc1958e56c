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
import { useNetworkParts } from './use-network-parts.ts';
import './address-tab.css';

/** Objects behind the numbers of a map. */
export interface MapNames {
  /** Names of subnets by key of their block. */
  readonly subnets: ReadonlyMap<string, string>;
  readonly instances: ReadonlyMap<bigint, Instance>;
}

/** The address space of a network as a map to step into, and the same as a table. */
export function AddressTab({ network }: { readonly network: Network }) {
  const [at, setAt] = useParameter('at');
  const [form = 'map', setForm] = useParameter('form');
  const { instances, subnets } = useNetworkParts(network);
  const ranges = rangesOf(network)
    .map(parseRange)
    .filter((range) => range !== undefined);
  const wanted = at === undefined ? undefined : parseRange(at);
  const root = ranges.find((range) => wanted !== undefined && contains(range, wanted)) ?? ranges[0];
  if (root === undefined)
    return (
      <EmptyState title="No range yet">
        The network gets its ranges when the control plane looks at it first.
      </EmptyState>
    );
  // What lies in none of its ranges shows all of the first.
  const window = wanted !== undefined && contains(root, wanted) ? wanted : root;
  const blocks = subnets.flatMap((subnet) => {
    const range = rangeOfSubnet(subnet);
    return range !== undefined && contains(root, range) ? [{ key: subnet.metadata.uid, range }] : [];
  });
  const byAddress = new Map<bigint, Instance>();
  for (const instance of instances)
    for (const text of addressesOf(instance, network)) {
      const address = parseAddress(text);
      if (address?.family === root.family) byAddress.set(address.value, instance);
    }
  const space: AddressSpace = { range: root, blocks, addresses: [...byAddress.keys()] };
  const names: MapNames = {
    subnets: new Map(subnets.map(({ metadata }) => [metadata.uid, metadata.name])),
    instances: byAddress,
  };
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
