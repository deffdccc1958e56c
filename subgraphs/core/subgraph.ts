import type { Subgraph } from '../uniform/subgraph.ts';
import { addressResolvers } from './addresses.ts';
import { accessResolvers } from './access.ts';
import { auditResolvers } from './audit.ts';
import { nodeResolvers } from './nodes.ts';
import { tokenResolvers } from './service-account-token.ts';

/** Namespaces, secrets, config maps, events, leases; and any object by its id. */
export const core: Subgraph = {
  area: 'core',
  extra: {
    Query: { ...nodeResolvers, ...accessResolvers, ...auditResolvers, ...addressResolvers },
    Mutation: tokenResolvers,
  },
};
