import { relationsOf } from '../../kinds/generator/graphql-api/relations.ts';
import type { Registry } from '../../kinds/registry.ts';
import type { Store } from '../../store/types.ts';
import type { SubgraphServices } from './context.ts';

/** What the subgraphs of a process share. */
export function createServices(store: Store, registry: Registry): SubgraphServices {
  return { store, registry, relations: relationsOf(registry.all()) };
}
