import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { useDemandLimit } from './use-demand-limit.ts';

/** Refuses operations with more aliases, spread fragments counted each time. */
export function useAliasLimit(max: number): GatewayPlugin {
  return useDemandLimit({ of: 'aliases', max, code: 'TOO_MANY_ALIASES', message: 'The query has too many aliases' });
}
