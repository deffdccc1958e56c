import type { Subgraph } from '../uniform/subgraph.ts';
import { effectivePolicyResolvers } from './effective-policy.ts';
import { serialConsoleResolvers, watchSerialConsoleResolvers } from './serial-console.ts';

/** Workloads, their deployments and instances. */
export const compute: Subgraph = {
  area: 'compute',
  extra: {
    Instance: { ...effectivePolicyResolvers, ...serialConsoleResolvers },
    Subscription: watchSerialConsoleResolvers,
  },
};
