import type { TLSSocket } from 'node:tls';
import { identityOfCertificate } from '../../access/authenticators/certificates.ts';
import type { Identity } from '../../access/identity.ts';
import type { AuthenticateFrom } from '../../access/limits/authenticate-from.ts';
import type { OnUnknown } from '../../access/note-denied.ts';
import { unauthorized } from '../status/refusals.ts';
import { originOf } from './origin.ts';
import type { RawCall } from './raw-call.ts';

/** What proves who sends a request. */
export interface Identification {
  readonly authenticateFrom: AuthenticateFrom;
  /** Whether client certificates are made by our own authority, which alone names groups of the product. */
  readonly ownCertificates: boolean;
  readonly onUnknown?: OnUnknown;
}

/** Who sends a request: by bearer token, else by the client certificate of the connection. Throws 401 for nobody. */
export async function identify(
  call: Pick<RawCall, 'headers' | 'socket' | 'requestId'>,
  { authenticateFrom, ownCertificates, onUnknown }: Identification,
): Promise<Identity> {
  const { headers, socket, requestId } = call;
  const { authorization } = headers;
  const certified = authorization === undefined ? certificateIdentity(socket, ownCertificates) : undefined;
  const identity = certified ?? (await authenticateFrom(authorization, socket.remoteAddress ?? ''));
  if (identity !== undefined) return identity;
  onUnknown?.(originOf(call), requestId);
  throw unauthorized();
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
