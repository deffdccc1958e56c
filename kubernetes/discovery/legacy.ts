import { groupVersion, type Served, type Subresource } from '../served/served.ts';
import type { Group, VersionOfGroup } from './groups.ts';

/** Body of `/api`. */
export function apiVersions(core: Group | undefined): object {
  return {
    kind: 'APIVersions',
    versions: (core?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [],
  };
}

/** Body of `/apis`. */
export function apiGroupList(groups: readonly Group[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

/** Body of `/apis/<group>`. */
export function apiGroup(group: Group): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

function groupEntry({ name, versions }: Group): object {
  const entries = versions.map(({ version, groupVersion: full }) => ({ groupVersion: full, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/** Body of `/api/v1` and `/apis/<group>/<version>`; subresources are entries of their own. */
export function apiResourceList({ groupVersion: full, resources }: VersionOfGroup): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: full,
    resources: resources.flatMap((served) => [
      resourceEntry(served),
      ...served.subresources.map((part) => subresourceEntry(served, part)),
    ]),
  };
}

function resourceEntry({ plural, singular, namespaced, kind, verbs, shortNames, categories }: Served): object {
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
}

function subresourceEntry(served: Served, { name, of, verbs }: Subresource): object {
  return {
    name: `${served.plural}/${name}`,
    singularName: '',
    namespaced: served.namespaced,
    ...(groupVersion(of) === groupVersion(served) ? {} : { group: of.group, version: of.version }),
    kind: of.kind,
    verbs,
  };
}
