import type { PeerCertificate } from 'node:tls';
import type { Identity } from '../identity.ts';

/** Names with this beginning are the product's own to give, so no other authority's certificate gives them. */
const reserved = 'system:';

/**
 * Whom a client certificate proves, once the connection has proved the certificate: the common name is the user, the
 * organisations are the groups. `isOwn` says that our own authority made it. Undefined for nobody.
 */
export function identityOfCertificate(
  { subject, valid_to: validTo, fingerprint256 }: PeerCertificate,
  isOwn: boolean,
): Identity | undefined {
  const [user] = textsOf(subject?.CN);
  const expiresAtMs = Date.parse(validTo);
  if (user === undefined || user === '' || Number.isNaN(expiresAtMs)) return undefined;
  if (!isOwn && user.startsWith(reserved)) return undefined;
  const groups = textsOf(subject.O).filter((group) => group !== '' && (isOwn || !group.startsWith(reserved)));
  return {
    user,
    groups: [...groups, 'system:authenticated'],
    project: 'default',
    credential: `certificate:${fingerprint256}`,
    expiresAtMs,
  };
}

function textsOf(part: string | readonly string[] | undefined): readonly string[] {
  return [part ?? []].flat();
}
