import type { Read, Rights } from '../admit.ts';
import type { Role } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';
import { rolePermit } from './rbac-permits.ts';
import { ruleProblems, withRules } from './rbac-rules.ts';

/** A role without rules has an empty list of them. */
export function prepare(next: Role): Role {
  return withRules(next);
}

/** Rules of a role are about resources of its namespace. */
export function admit({ rules }: Role): Problem[] {
  return ruleProblems(rules, 'Namespaced');
}

/** Nobody gives what they do not have. */
export function permit(
  { metadata, rules = [] }: Role,
  previous: Role | undefined,
  _read: Read,
  rights: Rights,
): string | undefined {
  if (previous !== undefined && jsonEqual(rules, previous.rules ?? [])) return undefined;
  return rolePermit({ resource: 'roles', metadata, rules }, rights);
}
