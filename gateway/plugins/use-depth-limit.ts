import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { useDemandLimit } from './use-demand-limit.ts';

/** Refuses operations that nest deeper; fields, inline fragments and spreads count. */
export function useDepthLimit(max: number): GatewayPlugin {
  return useDemandLimit({ of: 'depth', max, code: 'QUERY_TOO_DEEP', message: 'The query is too deep' });
}
