import type { GraphNode } from '../../models/topology.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

interface NodeLinkProps {
  readonly node: GraphNode;
  /** What is read: the name, unless the drawing says better. */
  readonly text?: string;
}

/** The name of a node, which leads to its page, or to that in the cloud's console. */
export function NodeLink({ node, text = node.name }: NodeLinkProps) {
  const { hidden, layer, name, namespace, state, url } = node;
  const title = state === '' ? name : `${name}: ${state}`;
  if (hidden !== undefined)
    return (
      <Link to={paths.list('instances')} title={`${hidden} more instances`}>
        {text}
      </Link>
    );
  if (layer !== 'CloudResource')
    return (
      <Link to={pathOf(layer, { namespace, name }) ?? paths.overview} title={title}>
        {text}
      </Link>
    );
  if (url === undefined) return <span title={title}>{text}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer" title={title}>
      {text}
    </a>
  );
}
