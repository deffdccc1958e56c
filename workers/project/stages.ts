import type { Kind } from '../../kinds/kind.ts';

/**
 * What goes before what, so that each still finds what it needs for its own end: machines need their networks and the
 * locations that say where they are. Kinds that are not named go after these.
 */
const first: readonly (readonly string[])[] = [
  ['Workload'],
  ['WorkloadDeployment', 'Instance'],
  ['NetworkPolicy', 'NetworkBinding'],
  ['SubnetClaim', 'Subnet', 'NetworkContext', 'Network'],
  ['Location'],
];

/** The kinds of a project's control plane in the order in which their objects are deleted; those of a stage together. */
export function stagesOf(kinds: readonly Kind[]): (readonly Kind[])[] {
  const inside = kinds.filter(({ rootOnly }) => rootOnly !== true);
  const named = first.map((ids) => inside.filter(({ id }) => ids.includes(id)));
  const others = inside.filter((kind) => !named.some((stage) => stage.includes(kind)));
  return [
    ...named,
    others.filter(({ scope }) => scope === 'Namespaced'),
    others.filter(({ id }) => id === 'Namespace'),
    others.filter(({ id, scope }) => scope === 'Cluster' && id !== 'Namespace'),
  ].filter((stage) => stage.length > 0);
}
