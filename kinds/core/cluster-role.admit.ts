import type { PolicyRule, Read, Rights } from '../admit.ts';
import type { ClusterRole } from '../generated/types.ts';
import { selectorProblems } from '../label-selector.ts';
import { required, type Problem } from '../problem.ts';
import { jsonEqual } from '../schema/json.ts';
import { rolePermit } from './rbac-permits.ts';
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

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Nobody gives what they do not have; who adds up roles gives what others will write into them. */
export function permit(
  { metadata, rules = [], aggregationRule }: ClusterRole,
  previous: ClusterRole | undefined,
  _read: Read,
  rights: Rights,
): string | undefined {
  const adds = aggregationRule !== undefined && !jsonEqual(aggregationRule, previous?.aggregationRule);
  // Labels decide to which roles the rules are added, and so who has them.
  const given = [rules, metadata.labels ?? {}];
  if (!adds && previous !== undefined && jsonEqual(given, [previous.rules ?? [], previous.metadata.labels ?? {}]))
    return undefined;
  return rolePermit({ resource: 'clusterroles', metadata, rules: adds ? [...everything, ...rules] : rules }, rights);
}
