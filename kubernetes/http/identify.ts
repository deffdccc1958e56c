import type { IncomingHttpHeaders } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { identityOfCertificate } from '../../access/authenticators/certificates.ts';
import type { Identity } from '../../access/identity.ts';
import type { AuthenticateFrom } from '../../access/limits/authenticate-from.ts';
import { unauthorized } from '../status/refusals.ts';

/** What proves who sends a request. */
export interface Identification {
  readonly authenticateFrom: AuthenticateFrom;
  /** Whether client certificates are made by our own authority, which alone names groups of the product. */
  readonly ownCertificates: boolean;
}

/** Who sends a request: by bearer token, else by the client certificate of the connection. Throws 401 for nobody. */
export async function identify(
  headers: IncomingHttpHeaders,
  socket: TLSSocket,
  { authenticateFrom, ownCertificates }: Identification,
): Promise<Identity> {
  const { authorization } = headers;
  const certified = authorization === undefined ? certificateIdentity(socket, ownCertificates) : undefined;
  const identity = certified ?? (await authenticateFrom(authorization, socket.remoteAddress ?? ''));
  if (identity === undefined) throw unauthorized();
  return identity;
}

const identities = new WeakMap<TLSSocket, Identity | null>();

/** Read once per connection; the certificate may end while the connection lasts. */
function certificateIdentity(socket: TLSSocket, isOwn: boolean): Identity | undefined {
  let identity = identities.get(socket);
  if (identity === undefined) {
    identity = (socket.authorized ? identityOfCertificate(socket.getPeerCertificate(), isOwn) : undefined) ?? null;
    identities.set(socket, identity);
  }
  return identity !== null && (identity.expiresAtMs ?? 0) > Date.now() ? identity : undefined;
}
