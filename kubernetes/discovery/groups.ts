import { groupVersion, type Served } from '../served/served.ts';
import type { ServedResources } from '../served/served-resources.ts';

/** A version of an API group and what it holds. */
export interface VersionOfGroup {
  readonly version: string;
  readonly groupVersion: string;
  /** Sorted by plural. */
  readonly resources: readonly Served[];
}

/** An API group with its versions, the preferred one first. */
export interface Group {
  /** Empty for the core group. */
  readonly name: string;
  readonly versions: readonly VersionOfGroup[];
}

/** Clients that know a kind by its name alone take it from the first group that has it. */
const first = [
  '',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'rbac.authorization.k8s.io',
  'apiextensions.k8s.io',
  'coordination.k8s.io',
];

/** All groups in the order in which they are announced: core, those of Kubernetes, then all others by name. */
export function groupsOf({ all }: Pick<ServedResources, 'all'>): Group[] {
  const byGroup = Map.groupBy(all, ({ group }) => group);
  return [...byGroup]
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([name, resources]) => ({ name, versions: versionsOf(name, resources) }));
}

function rank(group: string): number {
  const index = first.indexOf(group);
  return index < 0 ? first.length : index;
}

function versionsOf(group: string, resources: readonly Served[]): VersionOfGroup[] {
  return [...Map.groupBy(resources, ({ version }) => version)]
    .toSorted(([a], [b]) => compareVersions(a, b))
    .map(([version, of]) => ({
      version,
      groupVersion: groupVersion({ group, version }),
      resources: of.toSorted((a, b) => (a.plural < b.plural ? -1 : 1)),
    }));
}

/** Orders version names, the most stable and then the newest first: v2, v1, v2beta1, v1alpha. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [stability(a), stability(b)];
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : 1;
}

function stability(version: string): readonly number[] {
  const parts = /^v(\d+)(?:(alpha|beta)(\d*))?$/.exec(version);
  if (parts === null) return [0, 0, 0];
  const [, major, stage, minor] = parts;
  return [stage === undefined ? 3 : stage === 'beta' ? 2 : 1, Number(major), Number(minor ?? 0)];
}
