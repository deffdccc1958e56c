import type { PolicyRule } from '../../kinds/admit.ts';
import { matchesUrl } from './match.ts';

/** Comparisons of single rights with rules that are made at most; what a role says beyond that is taken as not held. */
const mostComparisons = 2_000_000;
const mostParts = 10_000;

/** The parts of `wanted` that `held` does not cover, each a single right, or a whole rule that is too large to take apart. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  let left = Math.min(mostParts, mostComparisons / Math.max(1, held.length));
  return wanted.flatMap((rule) => {
    if (held.some((one) => covers(one, rule))) return [];
    left -= sizeOf(rule);
    if (left < 0) return [rule];
    return partsOf(rule).filter((part) => !held.some((one) => covers(one, part)));
  });
}

/** Whether one rule allows all that another does. */
function covers(held: PolicyRule, wanted: PolicyRule): boolean {
  if (!coversAll(held.verbs, wanted.verbs)) return false;
  if (wanted.nonResourceURLs?.length)
    return wanted.nonResourceURLs.every((url) => held.nonResourceURLs?.some((one) => matchesUrl(one, url)));
  return (
    coversAll(held.apiGroups, wanted.apiGroups) &&
    (wanted.resources ?? []).every((resource) => coversResource(held.resources ?? [], resource)) &&
    coversNames(held.resourceNames, wanted.resourceNames)
  );
}

type Names = readonly string[] | null | undefined;

function coversAll(held: Names, wanted: Names): boolean {
  if (held?.includes('*')) return true;
  return (wanted ?? []).every((one) => held?.includes(one) === true);
}

function coversResource(held: readonly string[], wanted: string): boolean {
  if (held.includes('*') || held.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  // All parts of a resource are more than any one part of all resources.
  if (slash === -1 || wanted.endsWith('/*')) return false;
  return held.includes(`*${wanted.slice(slash)}`) || held.includes(`${wanted.slice(0, slash)}/*`);
}

function coversNames(held: Names, wanted: Names): boolean {
  if (!held?.length) return true;
  return (
    Boolean(wanted?.length) &&
    coversAll(
      held.filter((name) => name !== '*'),
      wanted,
    )
  );
}

function sizeOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number {
  const sizes = [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((list) => list?.length || 1);
  return sizes.reduce((product, size) => product * size, 1);
}

/** A rule as single rights. */
function partsOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): PolicyRule[] {
  const each = (verb: string): PolicyRule[] => {
    if (nonResourceURLs?.length) return nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] }));
    return (apiGroups ?? []).flatMap((group) =>
      (resources ?? []).flatMap((resource): PolicyRule[] => {
        const part = { verbs: [verb], apiGroups: [group], resources: [resource] };
        return resourceNames?.length ? resourceNames.map((name) => ({ ...part, resourceNames: [name] })) : [part];
      }),
    );
  };
  return (verbs ?? []).flatMap(each);
}
