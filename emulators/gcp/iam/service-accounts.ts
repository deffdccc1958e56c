import { listedRows } from '../core/collection-rows.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { nextSlice } from '../listing/slice.ts';
import { quotaLimit } from '../quota/limits.ts';
import { requireMessage } from '../schema/require-message.ts';
import { createFlaps, accountKeyOf, findAccount } from './find-account.ts';
import { ACCOUNT_SCHEMA } from './schema.ts';

const ACCOUNT_ID = /^(?=.{6,30}$)[a-z]([-a-z0-9]*[a-z0-9])$/;
const MAX_PAGE = 100;
const LIMITS_BYTES = { displayName: 100, description: 256 } as const;
const MUTABLE = ['displayName', 'description'] as const;

/** IAM v1 service accounts: create, get, list, patch, update. */
export function accountRoutes(world: World): readonly Route[] {
  const collection = '/v1/projects/{project}/serviceAccounts';
  const account = `${collection}/{account}`;
  const needs = (permission: string) => (request: ApiRequest) => [{ permission, on: accountKeyOf(world, request) }];
  const onProject = (permission: string) => (request: ApiRequest) => [
    { permission, on: `projects/${world.projects.idOf(param(request, 'project'))}` },
  ];
  const flap = createFlaps();
  const answer = 'iam.ServiceAccount';
  return [
    {
      method: 'POST',
      pattern: collection,
      answer,
      needs: onProject('iam.serviceAccounts.create'),
      handler: (request) => create(world, request),
    },
    {
      method: 'GET',
      pattern: collection,
      answer: 'iam.ListServiceAccountsResponse',
      needs: onProject('iam.serviceAccounts.list'),
      handler: (request) => list(world, request),
    },
    {
      method: 'GET',
      pattern: account,
      answer,
      needs: needs('iam.serviceAccounts.get'),
      handler(request) {
        const { key, row } = findAccount(world, request);
        flap(world, key, row);
        return row.body;
      },
    },
    {
      method: 'PATCH',
      pattern: account,
      answer,
      needs: needs('iam.serviceAccounts.update'),
      handler: (request) => patch(world, request),
    },
    {
      method: 'PUT',
      pattern: account,
      answer,
      needs: needs('iam.serviceAccounts.update'),
      handler: (request) => update(world, request),
    },
  ];
}

function create(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'CreateServiceAccountRequest', request.body, 'request');
  const projectId = world.projects.idOf(param(request, 'project'));
  const accountId = stringAt(request.body, 'accountId') ?? '';
  if (!ACCOUNT_ID.test(accountId)) {
    throw apiError(400, 'badRequest', `Service account ID "${accountId}" must match ${ACCOUNT_ID.source}.`);
  }
  const wanted = objectAt(request.body, 'serviceAccount');
  checkTexts(wanted);
  const email = `${accountId}@${projectId}.iam.gserviceaccount.com`;
  const name = `projects/${projectId}/serviceAccounts/${email}`;
  if (world.database.get('resource', name) !== undefined) {
    throw apiError(
      409,
      'alreadyExists',
      `Service account ${accountId} already exists within project projects/${projectId}.`,
    );
  }
  const limit = quotaLimit(world, `projects/${projectId}`, 'SERVICE_ACCOUNTS');
  if (world.indexes.resources.keys(`projects/${projectId}/serviceAccounts`).length >= limit) {
    throw apiError(429, 'rateLimitExceeded', 'Maximum number of service accounts on project reached.');
  }
  const { displayName, description } = wanted;
  const uniqueId = world.random.digits(21);
  const body = {
    name,
    projectId,
    uniqueId,
    email,
    ...(displayName === undefined || displayName === '' ? {} : { displayName }),
    etag: 'MDEwMjE5MjA=',
    ...(description === undefined || description === '' ? {} : { description }),
    oauth2ClientId: uniqueId,
  };
  const hidden = { createdMs: world.clock.now() };
  world.database.put('resource', name, { type: 'serviceAccounts', phase: 'ready', body, hidden });
  return body;
}

function list(world: World, request: ApiRequest): Json {
  const collection = `projects/${world.projects.idOf(param(request, 'project'))}/serviceAccounts`;
  const { items, nextPageToken } = nextSlice(listedRows(world, collection), request.query, {
    defaultSize: 20,
    maxSize: MAX_PAGE,
  });
  const accounts = items.map((row) => row.body);
  return { ...(accounts.length === 0 ? {} : { accounts }), ...(nextPageToken === undefined ? {} : { nextPageToken }) };
}

/** The answer has the name and what was changed, and nothing else. */
function patch(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'PatchServiceAccountRequest', request.body, 'request');
  const { key, row } = findAccount(world, request);
  const wanted = objectAt(request.body, 'serviceAccount');
  checkTexts(wanted);
  const mask = (stringAt(request.body, 'updateMask') ?? '').split(',').filter((field) => field !== '');
  const unknown = mask.find((field) => !(MUTABLE as readonly string[]).includes(field));
  if (mask.length === 0 || unknown !== undefined) {
    throw apiError(400, 'badRequest', `Update mask must name displayName or description, not '${unknown ?? ''}'.`);
  }
  const changed = Object.fromEntries(mask.map((field) => [field, wanted[field]]));
  world.database.put('resource', key, { ...row, body: { ...row.body, ...changed } });
  return { name: row.body['name'], ...changed };
}

/** The old way to change the display name. */
function update(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'ServiceAccount', request.body, 'request');
  const { key, row } = findAccount(world, request);
  checkTexts(request.body);
  const body = { ...row.body, displayName: stringAt(request.body, 'displayName') ?? '' };
  world.database.put('resource', key, { ...row, body });
  return body;
}

function checkTexts(account: JsonObject): void {
  for (const field of MUTABLE) {
    if (Buffer.byteLength(stringAt(account, field) ?? '') > LIMITS_BYTES[field]) {
      throw apiError(400, 'badRequest', `The ${field} must be at most ${LIMITS_BYTES[field]} bytes.`);
    }
  }
}
