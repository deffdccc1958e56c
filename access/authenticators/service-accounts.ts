import type { Resource } from '../../kinds/object.ts';
import type { GroundObject } from '../sessions/ground.ts';
import { fingerprintOf } from '../tokens/fingerprint.ts';
import { type KeyRing, signingAlgorithm } from '../tokens/key-ring.ts';
import {
  type AccountClaims,
  accountOfClaims,
  groupsOfAccount,
  userOfAccount,
} from '../tokens/service-account-claims.ts';
import { audiencesOf, type Authenticator } from './authenticator.ts';
import { checkSigned } from './check-signed.ts';
import { Refused } from './refused.ts';

/** Processes of one product, whose clocks are about the same. */
const skewSecs = 10;

export interface ServiceAccountOptions {
  readonly issuer: string;
  readonly keys: Pick<KeyRing, 'find'>;
}

/** Proves which service account a token is of; it rests on the account, and on what the token is bound to. */
export function serviceAccountAuthenticator({ issuer, keys }: ServiceAccountOptions): Authenticator {
  return {
    async prove(token, audiences) {
      const keyOf = async ({ kid = '' }): Promise<CryptoKey> => {
        const key = await keys.find(kid);
        if (key === undefined) throw new Refused('signed by a key that is not ours');
        return key;
      };
      const claims = await checkSigned(token, keyOf, {
        issuer,
        audiences,
        algorithms: [signingAlgorithm],
        skewSecs,
        requiredClaims: ['sub', 'iat', 'nbf', 'jti'],
      });
      const account = accountOfClaims(claims);
      if (account === undefined || userOfAccount(account) !== claims.sub) throw new Refused('names no service account');
      if (claims.exp === undefined && !account.isKey) throw new Refused('does not end, and is no key');
      return {
        identity: {
          user: userOfAccount(account),
          groups: groupsOfAccount(account),
          uid: account.uid,
          extra: extraOf(account, String(claims.jti)),
          project: account.project,
          boundTo: account.project,
          audiences: audiencesOf(claims.aud, audiences),
          credential: `service-account:${String(claims.jti)}`,
          ...(claims.exp === undefined ? {} : { expiresAtMs: claims.exp * 1000 }),
        },
        ground: { fingerprint: fingerprintOf(token), objects: objectsOf(account, token) },
      };
    },
  };
}

function extraOf({ bound }: AccountClaims, jti: string): Readonly<Record<string, readonly string[]>> {
  return {
    'authentication.kubernetes.io/credential-id': [`JTI=${jti}`],
    ...(bound === undefined
      ? {}
      : {
          [`authentication.kubernetes.io/${bound.kind.toLowerCase()}-name`]: [bound.name],
          [`authentication.kubernetes.io/${bound.kind.toLowerCase()}-uid`]: [bound.uid],
        }),
  };
}

function objectsOf({ project, namespace, name, uid, bound, isKey }: AccountClaims, token: string): GroundObject[] {
  const account = { project, place: { kind: 'ServiceAccount', namespace, name }, uid };
  if (bound === undefined) return [account];
  const place = { kind: bound.kind, namespace, name: bound.name };
  const fingerprint = fingerprintOf(token);
  return [
    account,
    {
      project,
      place,
      uid: bound.uid,
      ...(isKey ? { holds: (secret: Resource) => holdsToken(secret, fingerprint) } : {}),
    },
  ];
}

/** Whether a Secret holds this very token: one that was taken out of it is no key any more. */
function holdsToken(secret: Resource, fingerprint: string): boolean {
  const { data } = secret as { readonly data?: Readonly<Record<string, string>> };
  return fingerprintOf(Buffer.from(data?.['token'] ?? '', 'base64').toString('utf8')) === fingerprint;
}
