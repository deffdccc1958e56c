import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../access/identity.ts';
import type { Registry } from '../kinds/registry.ts';
import type { Store } from '../store/types.ts';
import { subgraphs } from './subgraphs.ts';
import { callerContext } from './uniform/caller-context.ts';
import type { SubgraphContext } from './uniform/context.ts';
import { createExecutor, type SubgraphOperation } from './uniform/executor.ts';
import { subgraphSchema } from './uniform/schema.ts';
import { createServices } from './uniform/services.ts';

/** Executes one operation of a plan for a caller; all operations of one caller object share what was read. */
export type EmbeddedSubgraph = (
  operation: SubgraphOperation,
  caller: Caller,
) => Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>>;

/** All subgraphs in this process, by name, for a gateway that calls them directly. */
export function embeddedSubgraphs({ store, registry, log }: EmbeddedOptions): ReadonlyMap<string, EmbeddedSubgraph> {
  const services = createServices(store, registry);
  const contexts = new WeakMap<Caller, SubgraphContext>();
  const contextOf = (caller: Caller): SubgraphContext => {
    let context = contexts.get(caller);
    if (context === undefined) contexts.set(caller, (context = callerContext(services, caller)));
    return context;
  };
  return new Map(
    subgraphs.map(({ area, extra }) => {
      const execute = createExecutor(subgraphSchema(services, area, extra), log.child({ subgraph: area }));
      return [area, (operation, caller) => execute(operation, contextOf(caller))];
    }),
  );
}

export interface EmbeddedOptions {
  readonly store: Store;
  readonly registry: Registry;
  readonly log: Logger;
}
