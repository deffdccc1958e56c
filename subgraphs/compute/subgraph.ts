import type { Subgraph } from '../uniform/subgraph.ts';
import { effectivePolicyResolvers } from './effective-policy.ts';

/** Workloads, their deployments and instances. */
export const compute: Subgraph = { area: 'compute', extra: { Instance: effectivePolicyResolvers } };
