import type { Registry } from '../../kinds/registry.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import type { Relations } from '../../kinds/generator/graphql-api/relations.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver of a subgraph works with. */
export interface SubgraphServices {
  readonly store: Store;
  readonly registry: Registry;
  readonly relations: Relations;
}

/** One request: who asks, and what was read for it so far. */
export interface SubgraphContext extends SubgraphServices {
  readonly request: RequestContext;
  readonly loaders: Loaders;
  /** Forgets what was read: after a write, and between the events of a watch. */
  refresh(): void;
}

/** Context of one request of one caller; nothing in it is shared with another. */
export function createContext(services: SubgraphServices, request: RequestContext): SubgraphContext {
  let loaders = createLoaders(services, request);
  return {
    ...services,
    request,
    get loaders() {
      return loaders;
    },
    refresh() {
      loaders = createLoaders(services, request);
    },
  };
}
