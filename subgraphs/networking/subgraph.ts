import type { Subgraph } from '../uniform/subgraph.ts';

/** Networks, where they are present, their subnets and policies; locations. */
export const networking: Subgraph = { area: 'networking' };
