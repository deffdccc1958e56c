import type { IncomingHttpHeaders } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Authenticate } from '../../access/authenticate.ts';
import type { Identity } from '../../access/identity.ts';
import { unauthorized } from '../status/refusals.ts';

/** Who sends a request: by bearer token, else by the client certificate of the connection. Throws 401 for nobody. */
export async function identify(
  headers: IncomingHttpHeaders,
  socket: TLSSocket,
  authenticate: Authenticate,
): Promise<Identity> {
  const identity =
    headers.authorization === undefined ? certificateIdentity(socket) : await authenticate(headers.authorization);
  if (identity === undefined) throw unauthorized();
  return identity;
}

const identities = new WeakMap<TLSSocket, Identity | null>();

/** The common name is the user, the organisations are the groups; read once per connection. */
function certificateIdentity(socket: TLSSocket): Identity | undefined {
  let identity = identities.get(socket);
  if (identity === undefined) {
    identity = readCertificate(socket);
    identities.set(socket, identity);
  }
  return identity ?? undefined;
}

function readCertificate(socket: TLSSocket): Identity | null {
  if (!socket.authorized) return null;
  const subject = socket.getPeerCertificate().subject as { CN?: string | string[]; O?: string | string[] } | undefined;
  const [user] = [subject?.CN ?? []].flat();
  if (!user) return null;
  return { user, groups: [...[subject?.O ?? []].flat(), 'system:authenticated'], project: 'default' };
}
