import { fingerprintOf } from '../core/fingerprint.ts';
import type { Json } from '../core/json.ts';
import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { PROJECT_POLICY, isAllowed } from '../iam/authorize.ts';
import { POLICY_MESSAGES, readPolicy } from '../iam/policy.ts';
import { projectState } from '../projects/state.ts';
import { requireMessage } from '../schema/require-message.ts';

const CREATED_AT = '2024-01-01T08:00:00.000Z';
const MAX_PERMISSIONS = 100;
const schema = { enums: {}, messages: POLICY_MESSAGES };

/** Cloud Resource Manager v3, as far as a project looks at itself: every project is there. */
export function resourceManagerRoutes(world: World): readonly Route[] {
  const pattern = '/v3/projects/{project}';
  const needs = (permission: string) => (request: ApiRequest) => [{ permission, on: keyOf(world, request) }];
  const answerOf = (name: string) => `cloudresourcemanager.${name}`;
  return [
    {
      method: 'GET',
      pattern,
      answer: answerOf('Project'),
      needs: needs('resourcemanager.projects.get'),
      handler: (request) => project(world, request),
    },
    {
      method: 'POST',
      pattern: `${pattern}/:testIamPermissions`,
      answer: answerOf('TestIamPermissionsResponse'),
      handler: (request) => testPermissions(world, request),
    },
    {
      method: 'POST',
      pattern: `${pattern}/:getIamPolicy`,
      answer: answerOf('Policy'),
      needs: needs('resourcemanager.projects.getIamPolicy'),
      handler(request) {
        requireMessage(schema, 'GetIamPolicyRequest', request.body, 'request');
        return readPolicy(world, world.database.get('setting', PROJECT_POLICY + keyOf(world, request)) ?? {});
      },
    },
  ];
}

function keyOf(world: World, request: ApiRequest): string {
  return `projects/${world.projects.idOf(param(request, 'project'))}`;
}

function testPermissions(world: World, request: ApiRequest): Json {
  requireMessage(schema, 'TestIamPermissionsRequest', request.body, 'request');
  const asked = stringsAt(request.body, 'permissions');
  if (asked.length > MAX_PERMISSIONS || asked.some((permission) => permission.includes('*'))) {
    throw apiError(400, 'badRequest', `At most ${MAX_PERMISSIONS} permissions, without wildcards, are allowed.`);
  }
  const on = keyOf(world, request);
  const permissions = asked.filter((permission) => isAllowed(world, request.caller, { permission, on }));
  return permissions.length === 0 ? {} : { permissions };
}

function project(world: World, request: ApiRequest): Json {
  const projectId = world.projects.idOf(param(request, 'project'));
  const { isDeleted } = projectState(world, projectId);
  return {
    name: `projects/${world.projects.numberOf(projectId)}`,
    projectId,
    state: isDeleted ? 'DELETE_REQUESTED' : 'ACTIVE',
    displayName: projectId,
    createTime: CREATED_AT,
    updateTime: CREATED_AT,
    ...(isDeleted ? { deleteTime: CREATED_AT } : {}),
    etag: `W/"${fingerprintOf(projectId)}"`,
  };
}
