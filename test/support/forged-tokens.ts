import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import type { TestProvider } from './oidc-provider.ts';

/** A token as the provider would sign it, with whatever is different. */
export async function signed(
  provider: TestProvider,
  more: {
    readonly claims?: JWTPayload;
    readonly header?: Readonly<Record<string, unknown>>;
    /** Whose key signs; by default its own. */
    readonly by?: TestProvider;
  } = {},
): Promise<string> {
  const { claims = {}, header = {}, by = provider } = more;
  const jwk = by.signingKey();
  const nowSecs = Math.floor(Date.now() / 1000);
  const payload = { iss: provider.issuer, sub: 'ann', aud: 'cli', iat: nowSecs, exp: nowSecs + 600, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: provider.signingKey().kid ?? '', typ: 'JWT', ...header })
    .sign(await importJWK({ ...jwk }, 'RS256'));
}

/** The same without a library that knows what is right. */
export async function signedByHand(provider: TestProvider, header: object = {}): Promise<string> {
  const [, claims = ''] = (await signed(provider)).split('.');
  const { kid, ...jwk } = provider.signingKey();
  const head = `${part({ alg: 'RS256', kid, typ: 'JWT', ...header })}.${claims}`;
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' });
  return `${head}.${sign('sha256', Buffer.from(head), key).toString('base64url')}`;
}

/** A part of a signed token. */
export const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token whose secret is the provider's public key, in a form in which careless verifiers hold it. */
export async function confused(provider: TestProvider, secretOf: 'pem' | 'jwk'): Promise<string> {
  const [, claims = ''] = (await signed(provider)).split('.');
  const { kty, n, e, kid } = provider.signingKey();
  const key = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });
  const secret = secretOf === 'pem' ? key.export({ type: 'spki', format: 'pem' }) : JSON.stringify({ kty, n, e });
  const head = `${part({ alg: 'HS256', kid, typ: 'JWT' })}.${claims}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** A good token with something in one of its parts changed afterwards. */
export async function withPart(provider: TestProvider, index: 0 | 1, change: object): Promise<string> {
  const parts = (await signed(provider)).split('.');
  const value = JSON.parse(Buffer.from(parts[index] ?? '', 'base64url').toString()) as object;
  parts[index] = part({ ...value, ...change });
  return parts.join('.');
}
