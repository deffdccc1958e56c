import { notImplemented } from './api-error.ts';

/** Parameters that calls here obey, or that change nothing of an answer in JSON without credentials. */
const OF_EVERY_API = [
  '$.xgafv',
  '$alt',
  'access_token',
  'alt',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'userIp',
];
const OF_COMPUTE = [
  'filter',
  'includeAllScopes',
  'maxResults',
  'orderBy',
  'pageToken',
  'requestId',
  'returnPartialSuccess',
];
const OF_IAM_AND_SECRETS = ['etag', 'options.requestedPolicyVersion', 'pageSize', 'secretId', 'updateMask'];
const KNOWN = new Set([OF_EVERY_API, OF_COMPUTE, OF_IAM_AND_SECRETS].flat());

/** 501 for a parameter that nothing here obeys: to ignore it would be to do something else than was asked. */
export function refuseUnknownQuery(query: URLSearchParams, own: readonly string[] = []): void {
  for (const name of query.keys()) {
    if (!KNOWN.has(name) && !own.includes(name)) throw notImplemented(`the query parameter ${name}`);
  }
}
