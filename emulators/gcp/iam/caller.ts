import type { JsonObject } from '../core/json.ts';
import { numberAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { ApiError } from '../http/api-error.ts';

/** Names of settings: credentials that are known, and whether they are asked for. */
export const TOKEN = 'token/';
export const IAM_MODE = 'iam';

const MAX_TOKENS = 10_000;

/** Whether callers must show who they are and may do only what they were given. */
export function isEnforced(world: World): boolean {
  return stringAt(world.database.get('setting', IAM_MODE) ?? {}, 'mode') === 'enforce';
}

/**
 * Who calls, by the bearer token in the header; undefined for nobody. 401 for a token that has run out, and, where
 * callers are asked for, for one that is missing or unknown.
 */
export function callerOf(world: World, authorization: string | undefined): string | undefined {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const known = token === undefined ? undefined : world.database.get('setting', TOKEN + token);
  if (known !== undefined && (numberAt(known, 'expiresMs') ?? Infinity) > world.clock.now())
    return stringAt(known, 'name');
  if (known === undefined && !isEnforced(world)) return undefined;
  throw unauthenticated();
}

/** Remembers a token; the oldest are forgotten when there are many. */
export function rememberToken(world: World, token: string, name: string, expiresMs: number): void {
  const value: JsonObject = { name, expiresMs };
  world.database.put('setting', TOKEN + token, value);
  const old: string[] = [];
  for (const [key, setting] of world.database.entries('setting')) {
    if (key.startsWith(TOKEN) && (numberAt(setting, 'expiresMs') ?? Infinity) <= world.clock.now()) old.push(key);
    if (old.length >= MAX_TOKENS) break;
  }
  for (const key of old) world.database.delete('setting', key);
}

function unauthenticated(): ApiError {
  return new ApiError({
    httpStatus: 401,
    reason: 'authError',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
      'authentication credential.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_EXPIRED',
        domain: 'googleapis.com',
      },
    ],
  });
}
