import type { JsonObject } from '../core/json.ts';
import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { ApiError } from '../http/api-error.ts';
import type { ApiName } from '../http/envelope.ts';
import { SERVICES } from '../http/services.ts';
import { isEnforced } from './caller.ts';
import { policyAllows } from './policy.ts';
import { fits } from './roles.ts';

/** Names of settings: what a caller may do without any policy, and the policy of a project. */
export const PRINCIPAL = 'principal/';
export const PROJECT_POLICY = 'policy/';

/** Google's own controllers act in the name of this account of a project, which may do everything in it. */
const GOOGLE_AGENT = '@cloudservices.gserviceaccount.com';

/** A permission, and the key of the resource that it is needed on. */
export interface Need {
  readonly permission: string;
  readonly on: string;
}

/** 403 that names the first permission that the caller lacks. Everything is allowed where callers are not asked for. */
export function authorize(world: World, api: ApiName, caller: string | undefined, needs: readonly Need[]): void {
  if (!isEnforced(world)) return;
  const lacking = needs.find((need) => !isAllowed(world, caller, need));
  if (lacking !== undefined) throw denied(api, lacking);
}

/** Whether the caller has the permission: by itself, or by the policy of the resource or of its project. */
export function isAllowed(world: World, caller: string | undefined, { permission, on }: Need): boolean {
  if (!isEnforced(world) || caller?.endsWith(GOOGLE_AGENT) === true) return true;
  const own = caller === undefined ? undefined : world.database.get('setting', PRINCIPAL + caller);
  const project = on.split('/')[1] ?? '';
  if (own !== undefined && hasOwn(own, project, permission)) return true;
  const members = membersOf(caller);
  const projectPolicy = world.database.get('setting', `${PROJECT_POLICY}projects/${project}`) ?? {};
  if (policyAllows(world, projectPolicy, members, permission)) return true;
  const row = world.database.get('resource', parentWithPolicy(on));
  return row?.hidden !== undefined && policyAllows(world, row.hidden, members, permission);
}

function hasOwn(principal: JsonObject, project: string, permission: string): boolean {
  const projects = stringsAt(principal, 'projects');
  return (
    (projects.length === 0 || projects.includes(project)) &&
    stringsAt(principal, 'permissions').some((pattern) => fits(pattern, permission))
  );
}

/** A version of a secret is governed by the policy of the secret. */
function parentWithPolicy(key: string): string {
  return key.replace(/\/versions\/[^/]+$/, '');
}

function membersOf(caller: string | undefined): readonly string[] {
  if (caller === undefined) return ['allUsers'];
  const member = caller.includes('://')
    ? caller
    : `${caller.endsWith('gserviceaccount.com') ? 'serviceAccount' : 'user'}:${caller}`;
  return ['allUsers', 'allAuthenticatedUsers', member];
}

function denied(api: ApiName, { permission, on }: Need): ApiError {
  const message =
    api === 'compute'
      ? `Required '${permission}' permission for '${on}'`
      : `Permission '${permission}' denied on resource '${on}' (or it may not exist).`;
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'IAM_PERMISSION_DENIED',
    domain: SERVICES[api],
    metadata: { permission, resource: on },
  };
  // Compute names the permission in its text alone.
  const details = api === 'compute' ? {} : { details: [info] };
  return new ApiError({ httpStatus: 403, reason: 'forbidden', message, ...details });
}
