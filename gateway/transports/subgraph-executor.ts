import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Caller } from '../../access/identity.ts';

/** One operation for one subgraph, or for all as one. */
interface SubgraphOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  /** Said for the operations of a plan. */
  readonly operationType?: 'query' | 'mutation' | 'subscription';
}

/** Runs operations on one subgraph for a caller, wherever it is. What two callers ask is never put together. */
export type SubgraphExecutor = (
  operation: SubgraphOperation,
  caller: Caller,
  authorization: string | undefined,
) => Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
