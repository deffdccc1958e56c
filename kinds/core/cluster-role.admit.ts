import type { ClusterRole } from '../generated/types.ts';
import { selectorProblems } from '../label-selector.ts';
import { required, type Problem } from '../problem.ts';
import { ruleProblems, withRules } from './rbac-rules.ts';

/** A role without rules has an empty list of them. */
export function prepare(next: ClusterRole): ClusterRole {
  return withRules(next);
}

/** Rules, and selectors of the roles that are added up. */
export function admit({ rules, aggregationRule }: ClusterRole): Problem[] {
  return [...ruleProblems(rules, 'Cluster'), ...(aggregationRule ? aggregationProblems(aggregationRule) : [])];
}

function aggregationProblems({ clusterRoleSelectors = [] }: NonNullable<ClusterRole['aggregationRule']>): Problem[] {
  const path = 'aggregationRule.clusterRoleSelectors';
  return clusterRoleSelectors.length === 0
    ? [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
    : clusterRoleSelectors.flatMap((selector, index) => selectorProblems(`${path}[${index}]`, selector));
}
