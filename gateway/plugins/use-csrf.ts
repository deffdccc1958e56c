import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { refusal } from '../errors.ts';

/** Any of these on a request proves that a browser asked before it sent it. */
export const csrfHeaders = ['x-graphql-yoga-csrf', 'apollo-require-preflight', 'graphql-require-preflight'] as const;

const simpleContentTypes = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/**
 * Refuses what a foreign page could make a browser send without asking: a request is fine with a content type that no form
 * can have, with one of the headers above, or as an event stream, which no foreign page can read.
 */
export function useCsrf(): GatewayPlugin {
  return {
    onRequestParse({ request }) {
      const contentType = request.headers.get('content-type')?.toLowerCase();
      if (contentType && !simpleContentTypes.some((simple) => contentType.startsWith(simple))) return;
      if (csrfHeaders.some((header) => request.headers.has(header))) return;
      if (request.method === 'GET' && request.headers.get('accept') === 'text/event-stream') return;
      throw refusal(`Send content-type: application/json, or the header ${csrfHeaders[0]}`, 'CSRF', 403);
    },
  };
}
