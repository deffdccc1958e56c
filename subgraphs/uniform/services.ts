import type { GuardParts } from '../../access/guard.ts';
import type { ServiceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import { relationsOf } from '../../kinds/generator/graphql-api/relations.ts';
import type { AuditReader } from '../../store/audit/read-records.ts';
import type { Inventory } from '../../store/inventory.ts';
import { noConsole, type ReadConsole } from '../../store/machine-console.ts';
import type { Store } from '../../store/types.ts';
import type { SubgraphServices } from './context.ts';

/** What subgraphs are made from. */
export interface ServiceParts extends GuardParts {
  readonly store: Store;
  readonly audit: AuditReader;
  readonly inventory: Inventory;
  /** Absent: there are no consoles to read. */
  readonly readConsole?: ReadConsole | undefined;
  readonly serviceAccounts: Pick<ServiceAccountTokens, 'request'>;
}

/** What the subgraphs of a process share. */
export function createServices({
  store,
  audit,
  inventory,
  serviceAccounts,
  registry,
  authority,
  onDenied,
  readConsole = noConsole,
}: ServiceParts): SubgraphServices {
  const relations = relationsOf(registry.all());
  return { store, audit, inventory, serviceAccounts, registry, authority, onDenied, relations, readConsole };
}
