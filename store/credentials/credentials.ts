import type { Pool } from 'pg';
import type { SecretBox } from '../encryption/secret-box.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';

/** What a database keeps of credentials. */
export interface Credentials {
  readonly tokens: AccessTokens;
  readonly revocations: Revocations;
  readonly signingKeys: SigningKeys;
}

/** The credentials on a migrated database. */
export function credentialsIn(pool: Pool, box: SecretBox): Credentials {
  return {
    tokens: createAccessTokens(pool),
    revocations: createRevocations(pool),
    signingKeys: createSigningKeys(pool, box),
  };
}
