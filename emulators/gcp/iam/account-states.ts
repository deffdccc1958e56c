import { rowsIn } from '../core/collection-rows.ts';
import type { Json } from '../core/json.ts';
import { numberAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { requireMessage } from '../schema/require-message.ts';
import { uniqueIdOf } from './accounts.ts';
import { isAllowed } from './authorize.ts';
import { accountKeyOf, findAccount } from './find-account.ts';
import { readPolicy, writePolicy } from './policy.ts';
import { ACCOUNT_SCHEMA } from './schema.ts';

/** A deleted account can be brought back for thirty days, under its unique id. */
const DELETED = 'deletedServiceAccounts';
const UNDELETE_MS = 30 * 24 * 3_600_000;

/** IAM v1 service accounts: delete, undelete, enable, disable, and their policies. */
export function accountStateRoutes(world: World): readonly Route[] {
  const account = '/v1/projects/{project}/serviceAccounts/{account}';
  const needs = (permission: string) => (request: ApiRequest) => [{ permission, on: accountKeyOf(world, request) }];
  const call = (verb: string, permission: string, answer: string, handler: Route['handler']): Route => ({
    method: 'POST',
    pattern: `${account}/:${verb}`,
    answer,
    needs: needs(`iam.serviceAccounts.${permission}`),
    handler,
  });
  return [
    {
      method: 'DELETE',
      pattern: account,
      answer: 'iam.Empty',
      needs: needs('iam.serviceAccounts.delete'),
      handler: (request) => remove(world, request),
    },
    call('undelete', 'undelete', 'iam.UndeleteServiceAccountResponse', (request) => undelete(world, request)),
    call('enable', 'enable', 'iam.Empty', (request) => setDisabled(world, request, false)),
    call('disable', 'disable', 'iam.Empty', (request) => setDisabled(world, request, true)),
    // Reading a policy is a POST here, and a GET in Secret Manager.
    call('getIamPolicy', 'getIamPolicy', 'iam.Policy', (request) =>
      readPolicy(world, findAccount(world, request).row.hidden ?? {}),
    ),
    call('setIamPolicy', 'setIamPolicy', 'iam.Policy', (request) => setPolicy(world, request)),
    {
      ...call('testIamPermissions', '', 'iam.TestIamPermissionsResponse', (request) => testPermissions(world, request)),
      needs: () => [],
    },
  ];
}

function remove(world: World, request: ApiRequest): Json {
  const { key, row } = findAccount(world, request);
  world.database.delete('resource', key);
  const kept = `${key.slice(0, key.indexOf('/serviceAccounts/'))}/${DELETED}/${uniqueIdOf(row)}`;
  const hidden = { ...row.hidden, deletedMs: world.clock.now() };
  world.database.put('resource', kept, { ...row, type: DELETED, hidden });
  return {};
}

/** By unique id, or by email where one account of that name was deleted and none made again. */
function undelete(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'Empty', request.body, 'request');
  const given = param(request, 'account');
  const project = world.projects.idOf(param(request, 'project'));
  const since = world.clock.now() - UNDELETE_MS;
  const candidates = rowsIn(world, `projects/${project}/${DELETED}`).filter(
    ({ body, hidden = {} }) =>
      [body['uniqueId'], body['email']].includes(given) && (numberAt(hidden, 'deletedMs') ?? 0) > since,
  );
  const row = candidates.at(-1);
  if (row === undefined) throw apiError(404, 'notFound', `Service account ${given} does not exist.`);
  const name = String(row.body['name']);
  if (candidates.length > 1 || world.database.get('resource', name) !== undefined) {
    throw apiError(400, 'failedPrecondition', `Service account ${name} already exists.`, 'FAILED_PRECONDITION');
  }
  const { deletedMs: _over, ...hidden } = row.hidden ?? {};
  world.database.delete('resource', `projects/${project}/${DELETED}/${uniqueIdOf(row)}`);
  world.database.put('resource', name, { ...row, type: 'serviceAccounts', hidden });
  return { restoredAccount: row.body };
}

function setDisabled(world: World, request: ApiRequest, isDisabled: boolean): Json {
  requireMessage(ACCOUNT_SCHEMA, 'Empty', request.body, 'request');
  const { key, row } = findAccount(world, request);
  const { disabled: _old, ...body } = row.body;
  world.database.put('resource', key, { ...row, body: isDisabled ? { ...body, disabled: true } : body });
  return {};
}

function setPolicy(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'SetIamPolicyRequest', request.body, 'request');
  const { key, row } = findAccount(world, request);
  return writePolicy(world, key, row, request.body);
}

function testPermissions(world: World, request: ApiRequest): Json {
  requireMessage(ACCOUNT_SCHEMA, 'TestIamPermissionsRequest', request.body, 'request');
  const { key } = findAccount(world, request);
  const held = stringsAt(request.body, 'permissions').filter((permission) =>
    isAllowed(world, request.caller, { permission, on: key }),
  );
  return held.length === 0 ? {} : { permissions: held };
}
