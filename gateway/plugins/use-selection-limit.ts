import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { useDemandLimit } from './use-demand-limit.ts';

/** Refuses operations that select more, spread fragments counted each time: what a small document can grow to. */
export function useSelectionLimit(max: number): GatewayPlugin {
  return useDemandLimit({ of: 'selections', max, code: 'TOO_MANY_SELECTIONS', message: 'The query selects too much' });
}
