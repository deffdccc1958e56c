import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { useDemandLimit } from './use-demand-limit.ts';

/** Refuses operations whose answer may hold more objects: a list counts as long as it was asked for. */
export function useCostLimit(max: number): GatewayPlugin {
  return useDemandLimit({ of: 'cost', max, code: 'QUERY_TOO_COSTLY', message: 'The query is too costly' });
}
