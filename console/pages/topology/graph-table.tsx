import { PlainTable } from '../../components/plain-table.tsx';
import { Status } from '../../components/status.tsx';
import type { Graph } from '../../models/topology.ts';
import { layerNames } from './graph-drawing.tsx';
import { NodeLink } from './node-link.tsx';

/** The same as the drawing, as a table. */
export function GraphTable({ graph: { edges, nodes } }: { readonly graph: Graph }) {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const above = Map.groupBy(edges, ({ to }) => to);
  return (
    <PlainTable
      label="What hangs on the network"
      head={['Name', 'Kind', 'Range or place', 'State', 'Hangs on']}
      rows={nodes.map((node) => ({
        key: node.id,
        cells: [
          <NodeLink key="name" node={node} />,
          layerNames[node.layer],
          node.title === node.name ? node.detail : node.title,
          node.hidden === undefined ? <Status key="state" tone={node.tone} label={node.state} /> : '',
          (above.get(node.id) ?? []).map(({ from }) => names.get(from)).join(', '),
        ],
      }))}
    />
  );
}
