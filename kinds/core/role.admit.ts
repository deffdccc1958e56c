import type { Role } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { ruleProblems } from './rbac-rules.ts';

/** Rules of a role are about resources of its namespace. */
export function admit({ rules }: Role): Problem[] {
  return ruleProblems(rules, 'Namespaced');
}
