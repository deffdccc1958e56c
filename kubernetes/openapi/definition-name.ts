import type { GroupVersionKind } from '../served/served.ts';

/** Package of the types that all groups share. */
export const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/**
 * Name of a kind's definition: `com.datumapis.networking.v1alpha.Network`, and for kinds of Kubernetes the name that clients
 * know: `io.k8s.api.core.v1.Secret`.
 */
export function definitionName({ group, version, kind }: GroupVersionKind): string {
  return `${packageOf(group)}.${version}.${kind}`;
}

function packageOf(group: string): string {
  if (group === '') return 'io.k8s.api.core';
  if (group === 'apiextensions.k8s.io') return 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions';
  if (!group.includes('.') || group.endsWith('.k8s.io')) return `io.k8s.api.${group.split('.')[0]}`;
  return group.split('.').toReversed().join('.');
}

/** `NetworkingDatumapisComV1alpha`, the part of operation names that tells group and version. */
export function operationScope({ group, version }: Pick<GroupVersionKind, 'group' | 'version'>): string {
  const shortened =
    group === '' ? 'core' : group.replace(/\.k8s\.io$/, '').replace(/\.authorization$/, 'Authorization');
  return [...shortened.split(/[.-]/), version].map(capitalised).join('');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
