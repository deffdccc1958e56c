import type { GuardParts } from '../../access/guard.ts';
import { relationsOf } from '../../kinds/generator/graphql-api/relations.ts';
import type { Store } from '../../store/types.ts';
import type { SubgraphServices } from './context.ts';

/** What subgraphs are made from. */
export interface ServiceParts extends GuardParts {
  readonly store: Store;
}

/** What the subgraphs of a process share. */
export function createServices({ store, registry, authority, onDenied }: ServiceParts): SubgraphServices {
  return { store, registry, authority, onDenied, relations: relationsOf(registry.all()) };
}
