import type { Caller } from '../../access/identity.ts';
import { createContext, type SubgraphContext, type SubgraphServices } from './context.ts';

/** Name under which fields written through GraphQL are owned. */
const manager = 'graphql';

/** Context of one caller's request. */
export function callerContext(services: SubgraphServices, { identity, requestId }: Caller): SubgraphContext {
  return createContext(services, { project: identity.project, actor: identity.user, manager, requestId });
}
