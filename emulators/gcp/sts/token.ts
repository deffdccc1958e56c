import type { Json, JsonObject } from '../core/json.ts';
import { isObject, numberAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiError } from '../http/api-error.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { rememberToken } from '../iam/caller.ts';

/** Name of the setting for a workload identity provider; the control API writes it. */
export const PROVIDER = 'provider/';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];
const AUDIENCE =
  /^\/\/iam\.googleapis\.com\/(projects\/([^/]+)\/locations\/global\/workloadIdentityPools\/([^/]+))\/providers\/([^/]+)$/;
const LIFETIME_SECS = 3_600;

/** Security Token Service: an identity from elsewhere is exchanged for a token of ours. */
export function stsRoutes(world: World): readonly Route[] {
  const answer = 'sts.GoogleIdentityStsV1ExchangeTokenResponse';
  return [{ method: 'POST', pattern: '/v1/token', answer, handler: (request) => exchange(world, request) }];
}

/** Clients send a form with names in one style, or JSON with names in the other. */
function fieldOf(body: JsonObject, name: string): string | undefined {
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return stringAt(body, name) ?? stringAt(body, camel);
}

function exchange(world: World, { body }: ApiRequest): Json {
  if (fieldOf(body, 'grant_type') !== GRANT_TYPE) throw refused('unsupported_grant_type', `Must be ${GRANT_TYPE}.`);
  const wanted = fieldOf(body, 'requested_token_type') ?? ACCESS_TOKEN;
  if (wanted !== ACCESS_TOKEN) throw refused('invalid_request', `Unsupported requested token type: ${wanted}`);
  if (!SUBJECT_TYPES.includes(fieldOf(body, 'subject_token_type') ?? '')) {
    throw refused('invalid_request', 'Invalid subject token type; the GCP emulator takes JWTs.');
  }
  const audience = fieldOf(body, 'audience') ?? '';
  const [, pool] = AUDIENCE.exec(audience) ?? [];
  if (pool === undefined) throw refused('invalid_request', `Invalid value for "audience": ${audience}`);
  const claims = claimsIn(fieldOf(body, 'subject_token') ?? '');
  checkClaims(world, claims, audience);
  const token = `ya29.d.${world.random.hex(64)}`;
  const subject = `principal://iam.googleapis.com/${numbered(world, pool)}/subject/${stringAt(claims, 'sub')}`;
  rememberToken(world, token, subject, world.clock.now() + LIFETIME_SECS * 1_000);
  return { access_token: token, issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', expires_in: LIFETIME_SECS };
}

/** The signature is not looked at: no provider's keys are known here. */
function claimsIn(token: string): JsonObject {
  const [, payload = '', signature] = token.split('.');
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Json;
    if (signature !== undefined && isObject(claims) && stringAt(claims, 'sub') !== undefined) return claims;
  } catch {
    // Told below, as everything else that is no token.
  }
  throw refused('invalid_grant', 'Unable to parse the ID Token: it must be a JWT with a subject.');
}

/** Where providers are known, the audience names one of them and the token is by its issuer and for its audience. */
function checkClaims(world: World, claims: JsonObject, audience: string): void {
  const expiresSecs = numberAt(claims, 'exp');
  if (expiresSecs === undefined || expiresSecs * 1_000 <= world.clock.now()) {
    throw refused('invalid_grant', 'ID Token is stale to sign-in.');
  }
  const providers = [...world.database.entries('setting')].filter(([key]) => key.startsWith(PROVIDER));
  if (providers.length === 0) return;
  const known = world.database.get('setting', PROVIDER + audience);
  if (known === undefined)
    throw refused('invalid_target', `The target service indicated by the "audience" is invalid.`);
  const issuer = stringAt(known, 'issuer');
  if (stringAt(claims, 'iss') !== issuer) {
    throw refused('invalid_grant', `The issuer in ID Token ${String(claims['iss'])} does not match the expected ones.`);
  }
  const admitted = stringsAt(known, 'allowedAudiences');
  const given = typeof claims['aud'] === 'string' ? [claims['aud']] : stringsAt(claims, 'aud');
  const expected = admitted.length === 0 ? [`https:${audience}`, audience] : admitted;
  if (!given.some((one) => expected.includes(one))) {
    throw refused('invalid_grant', 'The audience in ID Token does not match the expected audience.');
  }
}

function numbered(world: World, pool: string): string {
  return pool.replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${world.projects.numberOf(project)}`);
}

function refused(reason: string, message: string): ApiError {
  return apiError(400, reason, message);
}
