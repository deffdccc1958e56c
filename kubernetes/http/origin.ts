import type { Origin } from '../../access/identity.ts';
import type { RawCall } from './raw-call.ts';

/** Where a request came from, as the connection shows it. */
export function originOf({ socket, headers }: Pick<RawCall, 'socket' | 'headers'>): Origin {
  const { remoteAddress: address } = socket;
  const { 'user-agent': userAgent } = headers;
  return {
    door: 'kubernetes',
    ...(address === undefined ? {} : { address }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}
