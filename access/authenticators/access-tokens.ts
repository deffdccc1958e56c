import type { AccessTokens } from '../../store/credentials/access-tokens.ts';
import { isAccessToken } from '../tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../tokens/fingerprint.ts';
import type { Authenticator } from './authenticator.ts';
import { Refused } from './refused.ts';

/** Proves who holds a token that was handed out. Such a token is for the product itself, `audience`. */
export function accessTokenAuthenticator(tokens: Pick<AccessTokens, 'find'>, audience: string): Authenticator {
  return {
    async prove(text, audiences) {
      if (!isAccessToken(text)) throw new Refused('no token has this form');
      if (!audiences.includes(audience)) throw new Refused('a token for the product was shown to somebody else');
      const fingerprint = fingerprintOf(text);
      const token = await tokens.find(bytesOf(fingerprint));
      if (token === undefined) throw new Refused('no such token was handed out');
      const { id, user, groups, project, expiresAt, revokedAt } = token;
      if (revokedAt !== undefined) throw new Refused(`token ${id} was revoked`);
      if (expiresAt !== undefined && expiresAt.getTime() <= Date.now()) throw new Refused(`token ${id} has expired`);
      return {
        identity: {
          user,
          groups: [...groups, 'system:authenticated'],
          project: project ?? 'default',
          audiences: [audience],
          credential: `token:${id}`,
          ...(project === undefined ? {} : { boundTo: project }),
          ...(expiresAt === undefined ? {} : { expiresAtMs: expiresAt.getTime() }),
        },
        ground: { fingerprint, objects: [] },
      };
    },
  };
}
