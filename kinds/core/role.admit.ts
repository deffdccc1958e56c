import type { Role } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { ruleProblems, withRules } from './rbac-rules.ts';

/** A role without rules has an empty list of them. */
export function prepare(next: Role): Role {
  return withRules(next);
}

/** Rules of a role are about resources of its namespace. */
export function admit({ rules }: Role): Problem[] {
  return ruleProblems(rules, 'Namespaced');
}
