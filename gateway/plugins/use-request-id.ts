import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { requestIdOf } from '../sessions.ts';

/** Sends every answer with the id that finds its request in the logs. */
export function useRequestId(): GatewayPlugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request));
    },
  };
}
