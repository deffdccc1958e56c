import type { Read, Rights } from '../admit.ts';
import type { RoleBinding } from '../generated/types.ts';
import type { Problem } from '../problem.ts';
import { bindingPermit } from './rbac-permits.ts';
import { bindingProblems, withGroups } from './rbac-rules.ts';

/** Fills in the groups that the kinds of subjects and role have. */
export function prepare(next: RoleBinding): RoleBinding {
  return withGroups(next);
}

/** Subjects and role; the role is fixed for life. */
export function admit(next: RoleBinding, previous: RoleBinding | undefined): Problem[] {
  return bindingProblems(next, previous, ['Role', 'ClusterRole']);
}

/** Nobody gives what they do not have. */
export function permit(
  next: RoleBinding,
  previous: RoleBinding | undefined,
  read: Read,
  rights: Rights,
): Promise<string | undefined> {
  return bindingPermit(next, previous, read, rights);
}
