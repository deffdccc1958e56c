import { fingerprintOf } from '../core/fingerprint.ts';
import type { ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';

/** What a resource that never had a policy shows. */
const EMPTY_ETAG = 'ACAB';
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet|deleted):\S+)$/;
const ROLE = /^(roles|projects\/[^/]+\/roles|organizations\/\d+\/roles)\/[\w.]+$/;

/** Fields of a policy, for the request schemas. */
export const POLICY_MESSAGES = {
  SetIamPolicyRequest: { policy: 'Policy', updateMask: 'string' },
  GetIamPolicyRequest: { options: 'any' },
  Policy: { version: 'int32', bindings: 'Binding[]', auditConfigs: 'any[]', etag: 'string' },
  Binding: { role: 'string', members: 'string[]', condition: 'Expr' },
  Expr: { title: 'string', description: 'string', expression: 'string', location: 'string' },
} as const;

export function readPolicy(row: ResourceRow): JsonObject {
  const policy = objectAt(row.hidden ?? {}, 'policy');
  return policy['etag'] === undefined ? { etag: EMPTY_ETAG } : policy;
}

/** Replaces the policy and returns it. 409 when the caller's etag is not the one in force; no etag means any. */
export function writePolicy(world: World, key: string, row: ResourceRow, request: JsonObject): JsonObject {
  const sent = objectAt(request, 'policy');
  const etag = stringAt(sent, 'etag');
  if (etag !== undefined && etag !== '' && etag !== stringAt(readPolicy(row), 'etag')) {
    const message =
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.';
    throw apiError(409, 'aborted', message, 'ABORTED');
  }
  const bindings = objectsAt(sent, 'bindings').filter((binding) => stringsAt(binding, 'members').length > 0);
  for (const binding of bindings) checkBinding(world, binding);
  const version = bindings.some((binding) => binding['condition'] !== undefined) ? 3 : 1;
  const policy = {
    version,
    etag: fingerprintOf([world.database.nextCount(), bindings]),
    ...(bindings.length === 0 ? {} : { bindings }),
  };
  world.database.put('resource', key, { ...row, hidden: { ...row.hidden, policy } });
  return policy;
}

function checkBinding(world: World, binding: JsonObject): void {
  const role = stringAt(binding, 'role') ?? '';
  if (!ROLE.test(role)) throw apiError(400, 'badRequest', `Role ${role} is not supported for this resource.`);
  for (const member of stringsAt(binding, 'members')) {
    if (!MEMBER.test(member)) throw apiError(400, 'badRequest', `Invalid member: '${member}'.`);
    const [, email, project] = /^serviceAccount:([^@]+@([^.]+)\.iam\.gserviceaccount\.com)$/.exec(member) ?? [];
    const isThere =
      email === undefined ||
      world.database.get('resource', `projects/${project}/serviceAccounts/${email}`) !== undefined;
    if (!isThere) throw apiError(400, 'badRequest', `Service account ${email} does not exist.`);
  }
}
