import type { PolicyRule } from '../../kinds/admit.ts';
import type { PathAttributes, ResourceAttributes } from '../authorise.ts';

/** What a rule is asked about a resource, names aside. */
export type ResourceQuestion = Pick<ResourceAttributes, 'verb' | 'group' | 'resource' | 'subresource'>;

/** Whether a rule is about this verb on this resource, for some name at least. */
export function matchesResource(rule: PolicyRule, { verb, group, resource, subresource }: ResourceQuestion): boolean {
  return (
    includes(rule.verbs, verb) &&
    includes(rule.apiGroups, group) &&
    matchesPlural(rule.resources ?? [], resource, subresource)
  );
}

/** Whether a rule is about this name; one without names is about all. */
export function matchesName({ resourceNames }: PolicyRule, name: string | undefined): boolean {
  return !resourceNames?.length || resourceNames.includes(name ?? '');
}

/** Whether a rule is about this verb on a path that is no resource. */
export function matchesPath(rule: PolicyRule, { verb, path }: PathAttributes): boolean {
  return includes(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some((one) => matchesUrl(one, path));
}

/** Whether one of the names is this one or stands for all. */
export function includes(names: readonly string[] | null | undefined, name: string): boolean {
  return names?.some((one) => one === '*' || one === name) === true;
}

/**
 * Alone, a star is every resource with all its parts; `instances/*` every part of one; a star before the slash a part of
 * every resource.
 */
export function matchesPlural(
  resources: readonly string[],
  resource: string,
  subresource: string | undefined,
): boolean {
  if (!subresource) return includes(resources, resource);
  return resources.some(
    (one) =>
      one === '*' || one === `${resource}/${subresource}` || one === `*/${subresource}` || one === `${resource}/*`,
  );
}

/** A path, or with `*` at its end all that begin so. */
export function matchesUrl(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));
}
