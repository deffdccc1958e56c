import type { Json } from '../core/json.ts';
import { stringAt, stringsAt } from '../core/json.ts';
import { utcTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { requireMessage } from '../schema/require-message.ts';
import { isNew } from './accounts.ts';
import { rememberToken } from './caller.ts';
import { accountKeyOf, findAccount } from './find-account.ts';

const schema = {
  enums: {},
  messages: { GenerateAccessTokenRequest: { delegates: 'string[]', scope: 'string[]', lifetime: 'string' } },
};
const MAX_LIFETIME_SECS = 3_600;

/** IAM Credentials: a token in the name of a service account, for who may act as it. */
export function credentialRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'POST',
      pattern: '/v1/projects/{project}/serviceAccounts/{account}/:generateAccessToken',
      answer: 'iamcredentials.GenerateAccessTokenResponse',
      needs: (request) => [{ permission: 'iam.serviceAccounts.getAccessToken', on: accountKeyOf(world, request) }],
      handler: (request) => generate(world, request),
    },
  ];
}

function generate(world: World, request: ApiRequest): Json {
  requireMessage(schema, 'GenerateAccessTokenRequest', request.body, 'request');
  const { key, row } = findAccount(world, request);
  if (isNew(world, row))
    throw apiError(404, 'notFound', `Not found; Gaia id not found for email ${key.split('/').at(-1)}`);
  if (row.body['disabled'] === true) {
    throw apiError(400, 'failedPrecondition', 'Service account is disabled.', 'FAILED_PRECONDITION');
  }
  if (stringsAt(request.body, 'scope').length === 0) {
    throw apiError(400, 'badRequest', 'The request is missing a valid scope.');
  }
  const lifetime = stringAt(request.body, 'lifetime') ?? `${MAX_LIFETIME_SECS}s`;
  const seconds = Number(/^(\d+)s$/.exec(lifetime)?.[1] ?? Number.NaN);
  if (!(seconds > 0 && seconds <= MAX_LIFETIME_SECS)) {
    throw apiError(400, 'badRequest', `The lifetime must be between 1s and ${MAX_LIFETIME_SECS}s, not ${lifetime}.`);
  }
  const expiresMs = world.clock.now() + seconds * 1_000;
  const accessToken = `ya29.c.${world.random.hex(64)}`;
  rememberToken(world, accessToken, String(row.body['email']), expiresMs);
  return { accessToken, expireTime: utcTime(world.clock.wall(expiresMs)) };
}
