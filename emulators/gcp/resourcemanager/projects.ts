import { fingerprintOf } from '../core/fingerprint.ts';
import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { requireMessage } from '../schema/require-message.ts';

const CREATED_AT = '2024-01-01T08:00:00.000Z';
const schema = { enums: {}, messages: { TestIamPermissionsRequest: { permissions: 'string[]' } } };

/** Cloud Resource Manager v3: every project is there and active, and the caller may do everything. */
export function resourceManagerRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/v3/projects/{project}', handler: (request) => project(world, request) },
    {
      method: 'POST',
      pattern: '/v3/projects/{project}/:testIamPermissions',
      handler(request) {
        requireMessage(schema, 'TestIamPermissionsRequest', request.body, 'request');
        const permissions = stringsAt(request.body, 'permissions');
        return permissions.length === 0 ? {} : { permissions };
      },
    },
  ];
}

function project(world: World, request: ApiRequest) {
  const projectId = world.projects.idOf(param(request, 'project'));
  return {
    name: `projects/${world.projects.numberOf(projectId)}`,
    projectId,
    state: 'ACTIVE',
    displayName: projectId,
    createTime: CREATED_AT,
    updateTime: CREATED_AT,
    etag: `W/"${fingerprintOf(projectId)}"`,
  };
}
