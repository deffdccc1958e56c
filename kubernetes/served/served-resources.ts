import type { Kind } from '../../kinds/kind.ts';
import { crd } from './definitions.ts';
import { reviews } from './reviews.ts';
import type { Served, Subresource, Verb } from './served.ts';
import { additionalVersions, viewOf } from './views.ts';

/** What the adapter serves at this moment; made anew whenever the registry changes. */
export interface ServedResources {
  /** Undefined where the group, version and plural name nothing. */
  find(group: string, version: string, plural: string): Served | undefined;
  /** All, sorted by group, version and plural. */
  readonly all: readonly Served[];
}

const tokenRequest = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };

const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const partVerbs: readonly Verb[] = ['get', 'patch', 'update'];

/** Everything that is served with these kinds. */
export function servedResources(kinds: readonly Kind[]): ServedResources {
  const all = [
    ...kinds.flatMap((kind) => [storedResource(kind), ...additionalVersions(storedResource(kind))]),
    ...reviews,
    crd,
  ].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const byPath = new Map(all.map((served) => [pathKey(served.group, served.version, served.plural), served]));
  return { all, find: (group, version, plural) => byPath.get(pathKey(group, version, plural)) };
}

function pathKey(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

function sortKey({ group, version, plural }: Served): string {
  return pathKey(group, version, plural);
}

/** Whether a kind behaves like one that is compiled into Kubernetes. */
function isBuiltIn({ group }: Pick<Kind, 'group'>): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io');
}

function storedResource(kind: Kind): Served {
  const view = viewOf(kind.id);
  return {
    group: kind.group,
    version: kind.version,
    kind: kind.name,
    plural: kind.plural,
    singular: kind.singular,
    listKind: `${kind.name}List`,
    namespaced: kind.scope === 'Namespaced',
    shortNames: kind.shortNames,
    categories: kind.categories,
    verbs: kind.id === 'Namespace' ? allVerbs.filter((verb) => verb !== 'deletecollection') : allVerbs,
    subresources: subresourcesOf(kind),
    style: isBuiltIn(kind) ? 'built-in' : 'custom',
    source: 'stored',
    stored: kind,
    ...(view === undefined ? {} : { view }),
  };
}

function subresourcesOf(kind: Kind): Subresource[] {
  const of = { group: kind.group, version: kind.version, kind: kind.name };
  return [
    ...(kind.id === 'Namespace' ? [{ name: 'finalize' as const, of, verbs: ['update' as const] }] : []),
    ...(kind.hasScale
      ? [{ name: 'scale' as const, of: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: partVerbs }]
      : []),
    ...(kind.id === 'ServiceAccount' ? [{ name: 'token' as const, of: tokenRequest, verbs: ['create' as const] }] : []),
    ...(kind.id === 'Instance' ? [{ name: 'log' as const, of, verbs: ['get' as const] }] : []),
    ...(kind.hasStatus ? [{ name: 'status' as const, of, verbs: partVerbs }] : []),
  ];
}
