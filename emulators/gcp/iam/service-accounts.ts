import { rowsIn } from '../core/collection-rows.ts';
import type { ResourceRow } from '../core/database.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { nextSlice } from '../listing/slice.ts';
import { requireMessage } from '../schema/require-message.ts';
import { POLICY_MESSAGES, readPolicy, writePolicy } from './policy.ts';

const ACCOUNT_ID = /^(?=.{6,30}$)[a-z]([-a-z0-9]*[a-z0-9])$/;
const MAX_PAGE = 100;
const LIMITS_BYTES = { displayName: 100, description: 256 } as const;
const MUTABLE = ['displayName', 'description'] as const;

const schema = {
  enums: {},
  messages: {
    CreateServiceAccountRequest: { accountId: 'string', serviceAccount: 'ServiceAccount' },
    PatchServiceAccountRequest: { serviceAccount: 'ServiceAccount', updateMask: 'string' },
    ServiceAccount: {
      name: 'string',
      projectId: 'string',
      uniqueId: 'string',
      email: 'string',
      displayName: 'string',
      etag: 'string',
      description: 'string',
      oauth2ClientId: 'string',
      disabled: 'bool',
    },
    ...POLICY_MESSAGES,
  },
};

/** IAM v1 service accounts: create, get, list, patch, delete, getIamPolicy, setIamPolicy. */
export function iamRoutes(world: World): readonly Route[] {
  const collection = '/v1/projects/{project}/serviceAccounts';
  const account = `${collection}/{account}`;
  return [
    { method: 'POST', pattern: collection, handler: (request) => create(world, request) },
    { method: 'GET', pattern: collection, handler: (request) => list(world, request) },
    { method: 'GET', pattern: account, handler: (request) => find(world, request).row.body },
    { method: 'PATCH', pattern: account, handler: (request) => patch(world, request) },
    { method: 'DELETE', pattern: account, handler: (request) => remove(world, request) },
    // Reading a policy is a POST here, and a GET in Secret Manager.
    { method: 'POST', pattern: `${account}/:getIamPolicy`, handler: (request) => readPolicy(find(world, request).row) },
    { method: 'POST', pattern: `${account}/:setIamPolicy`, handler: (request) => setPolicy(world, request) },
  ];
}

function create(world: World, request: ApiRequest): Json {
  requireMessage(schema, 'CreateServiceAccountRequest', request.body, 'request');
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
  world.database.put('resource', name, { type: 'serviceAccounts', phase: 'ready', body });
  return body;
}

function list(world: World, request: ApiRequest): Json {
  const collection = `projects/${world.projects.idOf(param(request, 'project'))}/serviceAccounts`;
  const { items, nextPageToken } = nextSlice(rowsIn(world, collection), request.query, {
    defaultSize: 20,
    maxSize: MAX_PAGE,
  });
  const accounts = items.map((row) => row.body);
  return { ...(accounts.length === 0 ? {} : { accounts }), ...(nextPageToken === undefined ? {} : { nextPageToken }) };
}

function patch(world: World, request: ApiRequest): Json {
  requireMessage(schema, 'PatchServiceAccountRequest', request.body, 'request');
  const { key, row } = find(world, request);
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

function remove(world: World, request: ApiRequest): Json {
  world.database.delete('resource', find(world, request).key);
  return {};
}

function setPolicy(world: World, request: ApiRequest): Json {
  requireMessage(schema, 'SetIamPolicyRequest', request.body, 'request');
  const { key, row } = find(world, request);
  return writePolicy(world, key, row, request.body);
}

/** The account by email or unique id. A missing one is a 404, but a 403 where the project was left open (`-`). */
function find(world: World, request: ApiRequest): { key: string; row: ResourceRow } {
  const given = param(request, 'account');
  const project = param(request, 'project');
  const home = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(given)?.[1];
  const collection = `projects/${project === '-' ? (home ?? '-') : world.projects.idOf(project)}/serviceAccounts`;
  const key =
    (/^\d{21}$/.test(given) ? keyOfUniqueId(world, collection, given) : undefined) ?? `${collection}/${given}`;
  const row = world.database.get('resource', key);
  if (row !== undefined) return { key, row };
  if (project !== '-') throw apiError(404, 'notFound', 'Unknown service account');
  const permission = 'iam.serviceAccounts.get';
  throw apiError(403, 'forbidden', `Permission '${permission}' denied on resource (or it may not exist).`);
}

function keyOfUniqueId(world: World, collection: string, uniqueId: string): string | undefined {
  const hasId = (key: string) => world.database.get('resource', key)?.body['uniqueId'] === uniqueId;
  return world.indexes.resources.keys(collection).find(hasId);
}

function checkTexts(account: JsonObject): void {
  for (const field of MUTABLE) {
    if (Buffer.byteLength(stringAt(account, field) ?? '') > LIMITS_BYTES[field]) {
      throw apiError(400, 'badRequest', `The ${field} must be at most ${LIMITS_BYTES[field]} bytes.`);
    }
  }
}
