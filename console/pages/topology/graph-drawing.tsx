import { type KeyboardEvent, useMemo, useRef } from 'react';
import { ToneIcon } from '../../components/icons.tsx';
import { layoutOf, type Placed } from '../../models/graph-layout.ts';
import { type Graph, type Layer, layers } from '../../models/topology.ts';
import { NodeLink } from './node-link.tsx';
import './graph-drawing.css';

/** Of the drawing, in px. */
const size = { height: 46, columnGap: 32, lineGap: 12, head: 34 };
/** Of each column: what tells objects apart should be readable in full. */
const widths = {
  Network: 160,
  NetworkContext: 196,
  Subnet: 176,
  Instance: 216,
  CloudResource: 200,
} as const satisfies Record<Layer, number>;

/** What the objects of a column are called. */
export const layerNames = {
  Network: 'Network',
  NetworkContext: 'Context',
  Subnet: 'Subnet',
  Instance: 'Instance',
  CloudResource: 'Cloud resource',
} as const satisfies Record<Layer, string>;

interface GraphDrawingProps {
  readonly graph: Graph;
  readonly name: string;
}

/**
 * A network and what hangs on it, from left to right. Every object is a link; arrow keys go along the lines and up and down
 * within a column.
 */
export function GraphDrawing({ graph, name }: GraphDrawingProps) {
  const { placed, lines } = useMemo(() => layoutOf(graph), [graph]);
  const box = useRef<HTMLDivElement>(null);
  const at = new Map(placed.map((each) => [each.node.id, each]));
  const width = leftOf(layers.length) - size.columnGap;
  const height = size.head + lines * (size.height + size.lineGap);

  function onKeyDown(event: KeyboardEvent): void {
    const id = (event.target as HTMLElement).closest('[data-node]')?.getAttribute('data-node');
    const next = id === null || id === undefined ? undefined : neighbour(event.key, id, graph, placed);
    if (next === undefined) return;
    event.preventDefault();
    const node = box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"] a`);
    node?.focus();
  }

  return (
    <div className="graph-scroll" ref={box} role="group" aria-label={`Graph of network ${name}`} onKeyDown={onKeyDown}>
      <div className="graph" style={{ width, height }}>
        <svg className="graph-lines" width={width} height={height} aria-hidden>
          {graph.edges.map(({ from, to }) => {
            const [start, end] = [at.get(from), at.get(to)];
            return start && end && <path key={`${from} ${to}`} d={curve(start, end)} />;
          })}
        </svg>
        {layers.map((layer, column) => (
          <div key={layer} className="graph-head" style={{ left: leftOf(column), width: widths[layer] }}>
            {layerNames[layer]}
          </div>
        ))}
        {placed.map(({ node, column, line }) => (
          <div
            key={node.id}
            className="graph-node"
            data-node={node.id}
            data-tone={node.tone}
            data-hidden={node.hidden !== undefined}
            style={{ left: leftOf(column), top: topOf(line), width: widths[node.layer], height: size.height }}
          >
            {node.hidden === undefined && <ToneIcon tone={node.tone} />}
            <div className="graph-text">
              <NodeLink node={node} text={node.title} />
              {node.detail !== '' && <span className="graph-detail">{node.detail}</span>}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

function leftOf(column: number): number {
  return layers.slice(0, column).reduce((left, layer) => left + widths[layer] + size.columnGap, 0);
}

function topOf(line: number): number {
  return size.head + line * (size.height + size.lineGap);
}

function curve(from: Placed, to: Placed): string {
  const [x1, y1] = [leftOf(from.column) + widths[from.node.layer], topOf(from.line) + size.height / 2];
  const [x2, y2] = [leftOf(to.column), topOf(to.line) + size.height / 2];
  // Down beside the column that it comes from, so that lines to one column run together.
  const middle = x1 + size.columnGap / 2;
  if (y1 === y2) return `M${x1} ${y1}H${x2}`;
  const turn = Math.min(10, Math.abs(y2 - y1) / 2) * Math.sign(y2 - y1);
  const bend = Math.abs(turn);
  return `M${x1} ${y1}H${middle - bend}q${bend} 0 ${bend} ${turn}V${y2 - turn}q0 ${turn} ${bend} ${turn}H${x2}`;
}

/** Where an arrow key leads from a node. */
function neighbour(key: string, id: string, { edges }: Graph, placed: readonly Placed[]): string | undefined {
  const own = placed.find(({ node }) => node.id === id);
  const column = placed.filter((each) => each.column === own?.column).toSorted((a, b) => a.line - b.line);
  const index = column.findIndex(({ node }) => node.id === id);
  switch (key) {
    case 'ArrowRight':
      return edges.find(({ from }) => from === id)?.to;
    case 'ArrowLeft':
      return edges.find(({ to }) => to === id)?.from;
    case 'ArrowDown':
      return column[index + 1]?.node.id;
    case 'ArrowUp':
      return column[index - 1]?.node.id;
    default:
      return undefined;
  }
}
