import type { GroupVersionKind, Served } from '../served/served.ts';
import type { Group } from './groups.ts';

/** Content type by which clients know the aggregated form. */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Everything that these groups hold, in one document. */
export function aggregatedDiscovery(groups: readonly Group[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(resourceEntry),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceEntry(served: Served): object {
  const { plural, namespaced, singular, verbs, shortNames, categories, subresources } = served;
  return {
    resource: plural,
    responseKind: kindEntry(served),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0
      ? {
          subresources: subresources.map((part) => ({
            subresource: part.name,
            responseKind: kindEntry(part.of),
            verbs: part.verbs,
          })),
        }
      : {}),
  };
}

function kindEntry({ group, version, kind }: GroupVersionKind): object {
  return { group, version, kind };
}
