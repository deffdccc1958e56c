import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError, parse } from 'graphql';
import { refusal } from '../errors.ts';

/** Refuses documents of more than `maxTokens` tokens, before more of them is read. */
export function useTokenLimit(maxTokens: number): GatewayPlugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        try {
          return parse(source, { ...options, maxTokens });
        } catch (error) {
          const tooMany = error instanceof GraphQLError && /more tha[nt] \d+ tokens/.test(error.message);
          throw tooMany ? refusal(`The document has more than ${maxTokens} tokens`, 'TOO_MANY_TOKENS') : error;
        }
      });
    },
  };
}
