import type { GraphNode } from '../../models/topology.ts';
import { Link } from '../../routing/link.tsx';
import { pathOf, paths } from '../../routing/paths.ts';

/** The name of a node, which leads to its page, or to that in the cloud's console. */
export function NodeLink({ node: { hidden, layer, name, namespace, state, url } }: { readonly node: GraphNode }) {
  const title = state === '' ? name : `${name}: ${state}`;
  if (hidden !== undefined)
    return (
      <Link to={paths.list('instances')} title={`${hidden} more instances`}>
        {name}
      </Link>
    );
  if (layer !== 'CloudResource')
    return (
      <Link to={pathOf(layer, { namespace, name }) ?? paths.overview} title={title}>
        {name}
      </Link>
    );
  if (url === undefined) return <span title={title}>{name}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer" title={title}>
      {name}
    </a>
  );
}
