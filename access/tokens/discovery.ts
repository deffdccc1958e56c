import type { JWK } from 'jose';
import { type KeyRing, signingAlgorithm } from './key-ring.ts';

/** Where the keys are published, below the address of the Kubernetes API. */
export const keysPath = '/openid/v1/jwks';
export const configurationPath = '/.well-known/openid-configuration';

/** What others need to verify the tokens of service accounts. */
export interface Discovery {
  /** The provider's metadata, as OpenID Connect Discovery has them. */
  readonly configuration: object;
  /** The public keys, a JSON Web Key Set. */
  keys(): Promise<{ readonly keys: readonly JWK[] }>;
}

export function discoveryOf(keys: Pick<KeyRing, 'published'>, issuer: string): Discovery {
  return {
    configuration: {
      issuer,
      jwks_uri: `${issuer.replace(/\/$/, '')}${keysPath}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [signingAlgorithm],
    },
    keys: async () => ({ keys: await keys.published() }),
  };
}
