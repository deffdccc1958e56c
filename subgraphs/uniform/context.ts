import { createGuard, type Guard, type GuardParts } from '../../access/guard.ts';
import { type GuardedStore, guardedStore } from '../../access/guarded-store.ts';
import type { Caller } from '../../access/identity.ts';
import { rightsOf } from '../../access/rights.ts';
import { writeOrigin } from '../../access/write-origin.ts';
import type { ServiceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import type { Registry } from '../../kinds/registry.ts';
import type { AuditReader } from '../../store/audit/read-records.ts';
import type { Inventory } from '../../store/inventory.ts';
import type { ReadConsole } from '../../store/machine-console.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import type { Relations } from '../../kinds/generator/graphql-api/relations.ts';
import { cloudResourcesLoader, type LoadCloudResources } from './cloud-resources.ts';
import { historyLoader, type LoadHistory } from './history.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What the subgraphs of a process share. */
export interface SubgraphServices extends GuardParts {
  readonly store: Store;
  readonly audit: AuditReader;
  readonly inventory: Inventory;
  readonly serviceAccounts: Pick<ServiceAccountTokens, 'request'>;
  readonly relations: Relations;
  readonly readConsole: ReadConsole;
}

/** One request, and what every resolver works with: who asks, what they may do, and what was read for them so far. */
export interface SubgraphContext {
  readonly registry: Registry;
  readonly relations: Relations;
  readonly authority: SubgraphServices['authority'];
  /** Signs for whoever asks: asks nobody whether they may. */
  readonly serviceAccounts: SubgraphServices['serviceAccounts'];
  readonly caller: Caller;
  readonly guard: Guard;
  /** Shows what the caller may see, and writes what it may write. */
  readonly store: GuardedStore;
  /** Asks nobody whether they may. */
  readonly audit: AuditReader;
  readonly history: LoadHistory;
  /** Asks nobody whether they may. */
  readonly inventory: Inventory;
  /** Asks nobody whether they may. */
  readonly readConsole: ReadConsole;
  readonly cloudResources: LoadCloudResources;
  readonly request: RequestContext;
  readonly loaders: Loaders;
  /** Forgets what was read: after a write, and between the events of a watch. */
  refresh(): void;
}

/** Name under which fields written through GraphQL are owned. */
const manager = 'graphql';

/** Context of one request of one caller; nothing in it is shared with another. */
export function callerContext(services: SubgraphServices, caller: Caller): SubgraphContext {
  const { audit, inventory, registry, relations, authority, serviceAccounts, readConsole } = services;
  const { identity, requestId } = caller;
  const guard = createGuard(services, caller);
  const store = guardedStore(services.store, registry, guard);
  let origin: string | undefined;
  const request: RequestContext = {
    project: identity.project,
    actor: identity.user,
    manager,
    requestId,
    trace: caller.trace,
    rights: rightsOf(authority, identity),
    inTurn: caller.watchTurns?.read,
    origin: () => (origin ??= writeOrigin(caller)),
  };
  let history: LoadHistory | undefined;
  let cloudResources: LoadCloudResources | undefined;
  // Functions, no getters of its own: those would make the context slow to read (its properties a dictionary).
  const context = {
    registry,
    relations,
    authority,
    serviceAccounts,
    caller,
    guard,
    store,
    audit,
    history: (...asked: Parameters<LoadHistory>) => (history ??= historyLoader(audit, identity.project))(...asked),
    inventory,
    readConsole,
    cloudResources: (uid: string) => (cloudResources ??= cloudResourcesLoader(inventory))(uid),
    request,
    loaders: createLoaders(store, request),
    refresh() {
      context.loaders = createLoaders(store, request);
    },
  };
  return context;
}
