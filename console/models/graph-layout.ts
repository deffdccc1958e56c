import { type Graph, type GraphNode, layers } from './topology.ts';

/** Where a node is drawn: which column, and which line, from 0. */
export interface Placed {
  readonly node: GraphNode;
  readonly column: number;
  readonly line: number;
}

/** A graph on a grid. */
export interface Layout {
  readonly placed: readonly Placed[];
  readonly lines: number;
}

/**
 * Puts each node into the column of its layer, on a line of its own there. A node stands beside the first of those that hang
 * on it, so that what comes at the end of a list moves nothing that stands above it.
 */
export function layoutOf({ nodes, edges }: Graph): Layout {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = new Map<string, GraphNode[]>();
  const hanging = new Set<string>();
  for (const { from, to } of edges) {
    const child = byId.get(to);
    // It hangs on the first that leads to it; the others only point to it.
    if (child === undefined || hanging.has(to)) continue;
    hanging.add(to);
    children.set(from, [...(children.get(from) ?? []), child]);
  }
  const placed: Placed[] = [];
  let next = 0;
  const place = (node: GraphNode): void => {
    const line = next;
    placed.push({ node, column: layers.indexOf(node.layer), line });
    for (const child of children.get(node.id) ?? []) place(child);
    // One that nothing hangs on takes a line; others have taken those of what hangs on them.
    if (next === line) next += 1;
  };
  for (const node of nodes) if (!hanging.has(node.id)) place(node);
  return { placed, lines: next };
}
