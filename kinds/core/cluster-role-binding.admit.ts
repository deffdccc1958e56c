import type { ClusterRoleBinding } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { bindingProblems, withGroups } from './rbac-rules.ts';

/** Fills in the groups that the kinds of subjects and role have. */
export function prepare(next: ClusterRoleBinding): ClusterRoleBinding {
  return withGroups(next);
}

/** Subjects and role; the role is fixed for life. */
export function admit(next: ClusterRoleBinding, previous: ClusterRoleBinding | undefined): Problem[] {
  return bindingProblems(next, previous, ['ClusterRole']);
}
