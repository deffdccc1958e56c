import type { RoleBinding } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { bindingProblems, withGroups } from './rbac-rules.ts';

/** Fills in the groups that the kinds of subjects and role have. */
export function prepare(next: RoleBinding): RoleBinding {
  return withGroups(next);
}

/** Subjects and role; the role is fixed for life. */
export function admit(next: RoleBinding, previous: RoleBinding | undefined): Problem[] {
  return bindingProblems(next, previous, ['Role', 'ClusterRole']);
}
