import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../access/identity.ts';
import { subgraphs } from './subgraphs.ts';
import { callerContext, type SubgraphContext } from './uniform/context.ts';
import { createExecutor, type SubgraphOperation } from './uniform/executor.ts';
import { joinSubgraphs } from './uniform/join.ts';
import { subgraphSchema } from './uniform/schema.ts';
import { createServices, type ServiceParts } from './uniform/services.ts';

/** Executes one operation for a caller; all operations of one caller object share what was read. */
export type EmbeddedExecutor = (
  operation: SubgraphOperation,
  caller: Caller,
) => Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>>;

export interface EmbeddedSubgraphs {
  /** By name. */
  readonly subgraphs: ReadonlyMap<string, EmbeddedExecutor>;
  /** All of them in one pass: for operations as the client wrote them, without a plan. */
  readonly joined: EmbeddedExecutor;
}

/** All subgraphs in this process, for a gateway that calls them directly. */
export function embeddedSubgraphs({ log, ...parts }: EmbeddedOptions): EmbeddedSubgraphs {
  const services = createServices(parts);
  const contexts = new WeakMap<Caller, SubgraphContext>();
  const contextOf = (caller: Caller): SubgraphContext => {
    let context = contexts.get(caller);
    if (context === undefined) contexts.set(caller, (context = callerContext(services, caller)));
    return context;
  };
  const executorOf = (schema: GraphQLSchema, name: string): EmbeddedExecutor => {
    const execute = createExecutor(schema, log.child({ subgraph: name }));
    return (operation, caller) => execute(operation, contextOf(caller));
  };
  const schemas = subgraphs.map(({ area, extra }) => ({ area, schema: subgraphSchema(services, area, extra) }));
  return {
    subgraphs: new Map(schemas.map(({ area, schema }) => [area, executorOf(schema, area)])),
    joined: executorOf(joinSubgraphs(schemas), 'joined'),
  };
}

export interface EmbeddedOptions extends ServiceParts {
  readonly log: Logger;
}
