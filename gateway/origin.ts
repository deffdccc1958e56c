import type { IncomingMessage } from 'node:http';
import type { Origin } from '../access/identity.ts';

/** Where a request came from, as the connection shows it. */
export function originOf({ socket, headers }: IncomingMessage): Origin {
  const { remoteAddress: address } = socket;
  const { 'user-agent': userAgent } = headers;
  return {
    door: 'graphql',
    ...(address === undefined ? {} : { address }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}
