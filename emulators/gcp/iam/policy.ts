import { consistencyOf } from '../core/consistency.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import type { ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import { accountKey, knownAccount, uniqueIdOf } from './accounts.ts';
import { roleHas } from './roles.ts';

/** What a resource that never had a policy shows. */
const EMPTY_ETAG = 'ACAB';
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|deleted):\S+|principal(Set)?:\/\/\S+)$/;
const ROLE_NAME = /^(roles|projects\/[^/]+\/roles|organizations\/\d+\/roles)\/[\w.]+$/;
const DELETED_ROLE_VERSION = 3;

/** Fields of a policy, for the request schemas. */
export const POLICY_MESSAGES = {
  SetIamPolicyRequest: { policy: 'Policy', updateMask: 'string' },
  GetIamPolicyRequest: { options: 'any' },
  TestIamPermissionsRequest: { permissions: 'string[]' },
  Policy: { version: 'int32', bindings: 'Binding[]', auditConfigs: 'any[]', etag: 'string' },
  Binding: { role: 'string', members: 'string[]', condition: 'Expr' },
  Expr: { title: 'string', description: 'string', expression: 'string', location: 'string' },
} as const;

/** The policy as GET shows it: accounts that are gone are shown as deleted, with the id that they had. */
export function readPolicy(world: World, hidden: JsonObject): JsonObject {
  const policy = objectAt(hidden, 'policy');
  if (policy['etag'] === undefined) return { etag: EMPTY_ETAG };
  const { memberIds, ...shown } = policy;
  const ids = objectAt({ memberIds }, 'memberIds');
  const bindings = objectsAt(policy, 'bindings').map((binding) => ({
    ...binding,
    members: stringsAt(binding, 'members').map((member) => shownMember(world, member, ids)),
  }));
  return { ...shown, ...(bindings.length === 0 ? {} : { bindings }) };
}

/** The hidden part with another policy. 409 when the caller's etag is not the one in force; no etag means any. */
export function withPolicy(world: World, hidden: JsonObject, request: JsonObject): JsonObject {
  const sent = objectAt(request, 'policy');
  const etag = stringAt(sent, 'etag');
  const before = objectAt(hidden, 'policy');
  if (etag !== undefined && etag !== '' && etag !== (stringAt(before, 'etag') ?? EMPTY_ETAG)) {
    const message =
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.';
    throw apiError(409, 'aborted', message, 'ABORTED');
  }
  const bindings = objectsAt(sent, 'bindings').filter((binding) => stringsAt(binding, 'members').length > 0);
  for (const binding of bindings) checkBinding(world, binding);
  const isConditional = bindings.some((binding) => binding['condition'] !== undefined);
  const policy = {
    version: isConditional ? DELETED_ROLE_VERSION : 1,
    etag: fingerprintOf([world.database.nextCount(), bindings]),
    ...(bindings.length === 0 ? {} : { bindings, memberIds: idsOf(world, bindings) }),
  };
  return { ...hidden, policy, policyBefore: before, policyMs: world.clock.now() };
}

/** Replaces the policy of a resource and returns it as GET shows it. */
export function writePolicy(world: World, key: string, row: ResourceRow, request: JsonObject): JsonObject {
  const hidden = withPolicy(world, row.hidden ?? {}, request);
  world.database.put('resource', key, { ...row, hidden });
  return readPolicy(world, hidden);
}

/** Whether a policy gives one of the members a permission. A new policy counts only after a while. */
export function policyAllows(
  world: World,
  hidden: JsonObject,
  members: readonly string[],
  permission: string,
): boolean {
  const sinceMs = numberAt(hidden, 'policyMs') ?? 0;
  const isInForce = world.clock.now() >= sinceMs + consistencyOf(world).grantDelayMs;
  const policy = objectAt(hidden, isInForce ? 'policy' : 'policyBefore');
  const ids = objectAt(policy, 'memberIds');
  return objectsAt(policy, 'bindings').some(
    (binding) =>
      // Conditions are kept and shown; what they say is not judged here, so that they grant nothing.
      binding['condition'] === undefined &&
      roleHas(world, stringAt(binding, 'role') ?? '', permission) &&
      stringsAt(binding, 'members').some((member) => members.includes(member) && isSameAccount(world, member, ids)),
  );
}

function checkBinding(world: World, binding: JsonObject): void {
  const role = stringAt(binding, 'role') ?? '';
  if (!ROLE_NAME.test(role)) throw apiError(400, 'badRequest', `Role ${role} is not supported for this resource.`);
  for (const member of stringsAt(binding, 'members')) {
    if (!MEMBER.test(member)) throw apiError(400, 'badRequest', `Invalid member: '${member}'.`);
    const email = emailOf(member);
    if (email === undefined || accountKey(email) === undefined || knownAccount(world, email) !== undefined) continue;
    throw apiError(400, 'badRequest', `Service account ${email} does not exist.`);
  }
}

function emailOf(member: string): string | undefined {
  return member.startsWith('serviceAccount:') ? member.slice('serviceAccount:'.length) : undefined;
}

/** Which incarnation of each account is meant: one made again under the same name is another. */
function idsOf(world: World, bindings: readonly JsonObject[]): JsonObject {
  const members = bindings.flatMap((binding) => stringsAt(binding, 'members'));
  const ids = members.flatMap((member) => {
    const row = knownAccount(world, emailOf(member) ?? '');
    return row === undefined ? [] : [[member, uniqueIdOf(row)]];
  });
  return Object.fromEntries(ids);
}

function isSameAccount(world: World, member: string, ids: JsonObject): boolean {
  const id = stringAt(ids, member);
  const key = accountKey(emailOf(member) ?? '');
  if (id === undefined || key === undefined) return true;
  const row = world.database.get('resource', key);
  return row !== undefined && uniqueIdOf(row) === id;
}

function shownMember(world: World, member: string, ids: JsonObject): string {
  return isSameAccount(world, member, ids) ? member : `deleted:${member}?uid=${stringAt(ids, member)}`;
}
