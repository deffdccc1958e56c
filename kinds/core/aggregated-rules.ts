import type { ClusterRole, LabelSelector, PolicyRule } from '../generated/types.ts';
import { jsonEqual } from '../schema/json.ts';

/** What `aggregated` reads of a cluster role. */
type Part = Pick<ClusterRole, 'rules'> & {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> | null };
};

/** Rules of a role that adds up others, each once, in the order of the others' names; undefined for a role that does not. */
export function aggregatedRules(
  {
    metadata: { name },
    aggregationRule,
  }: Pick<ClusterRole, 'aggregationRule'> & { readonly metadata: { readonly name: string } },
  all: readonly Part[],
): PolicyRule[] | undefined {
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  if (selectors.length === 0) return undefined;
  const chosen = all
    .filter((role) => role.metadata.name !== name)
    .filter(({ metadata: { labels } }) => selectors.some((selector) => selects(selector, labels ?? {})))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules: PolicyRule[] = [];
  for (const rule of chosen.flatMap((role) => role.rules ?? []))
    if (!rules.some((known) => jsonEqual(known, rule))) rules.push(rule);
  return rules;
}

/** Whether a selector chooses what has these labels; an empty one chooses all. */
function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const valueOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => valueOf(key) === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = valueOf(key);
      switch (operator) {
        case 'In':
          return value !== undefined && values?.includes(value) === true;
        case 'NotIn':
          return value === undefined || values?.includes(value) !== true;
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}
