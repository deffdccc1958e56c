import type { Subgraph } from '../uniform/subgraph.ts';

/** Workloads, their deployments and instances. */
export const compute: Subgraph = { area: 'compute' };
