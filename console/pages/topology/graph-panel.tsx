import { useMemo } from 'react';
import type { Instance, Network } from '../../../sdk/main.ts';
import { fullName } from '../../catalog/any-object.ts';
import { Panel } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Select } from '../../components/select.tsx';
import { useLiveOf } from '../../live/use-live-of.ts';
import { graphOf } from '../../models/topology.ts';
import { useParameter } from '../../routing/scope.ts';
import { GraphDrawing } from './graph-drawing.tsx';
import { GraphTable } from './graph-table.tsx';
import { useInstanceResources } from './use-instance-resources.ts';

interface GraphPanelProps {
  readonly networks: readonly Network[];
  readonly instances: readonly Instance[];
}

/** Instances of one subnet that are drawn; a subnet can have thousands. */
const maxInstances = 12;

/** One network and what hangs on it, as a drawing or as a table. */
export function GraphPanel({ networks, instances }: GraphPanelProps) {
  const [wanted, setWanted] = useParameter('network');
  const names = networks.map(({ metadata }) => fullName(metadata)).toSorted();
  const network = networks.find(({ metadata }) => fullName(metadata) === (wanted ?? names[0]));
  const [form = 'graph', setForm] = useParameter('form');
  return (
    <Panel
      title="Network"
      aside={
        <div className="row">
          {network !== undefined && (
            <Select
              label="Network"
              value={fullName(network.metadata)}
              options={names.map((name) => ({ value: name, label: name }))}
              onChange={setWanted}
            />
          )}
          <Segmented
            label="Form"
            value={form === 'table' ? 'table' : 'graph'}
            options={[
              { value: 'graph', label: 'Graph' },
              { value: 'table', label: 'Table' },
            ]}
            onChange={(next) => setForm(next === 'graph' ? undefined : next)}
          />
        </div>
      }
      flush
    >
      {network === undefined ? (
        <p className="muted panel-body">There is no network yet.</p>
      ) : (
        <NetworkGraph network={network} instances={instances} isTable={form === 'table'} />
      )}
    </Panel>
  );
}

interface NetworkGraphProps {
  readonly network: Network;
  readonly instances: readonly Instance[];
  readonly isTable: boolean;
}

function NetworkGraph({ network, instances, isTable }: NetworkGraphProps) {
  const { namespace } = network.metadata;
  const contexts = useLiveOf('networkContexts', { namespace }).objects;
  const subnets = useLiveOf('subnets', { namespace }).objects;
  const parts = useMemo(
    () => ({ network, contexts, subnets, instances, maxInstances }),
    [network, contexts, subnets, instances],
  );
  // What is drawn says for whom to ask what was made in the cloud.
  const asked = useMemo(() => {
    const drawn = new Set(graphOf({ ...parts, cloudResources: new Map() }).nodes.map(({ id }) => id));
    return instances.filter(({ metadata }) => drawn.has(metadata.uid));
  }, [parts, instances]);
  const cloudResources = useInstanceResources(asked);
  const graph = useMemo(() => graphOf({ ...parts, cloudResources }), [parts, cloudResources]);
  return isTable ? <GraphTable graph={graph} /> : <GraphDrawing graph={graph} name={network.metadata.name} />;
}
