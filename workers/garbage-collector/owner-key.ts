import type { OwnerReference } from '../../kinds/object.ts';
import type { Registry } from '../../kinds/registry.ts';
import type { MappedKey } from '../runtime/controller.ts';

/**
 * Where an owner is looked for: in the dependent's namespace, or among the objects of the cluster. Undefined when it cannot
 * be judged: its kind is not known, or it has a namespace and the dependent has none.
 */
export function ownerKeyOf(
  registry: Registry,
  dependentKind: string,
  namespace: string,
  owner: OwnerReference,
): Required<Omit<MappedKey, 'project'>> | undefined {
  const kind = registry.byManifest(owner.apiVersion, owner.kind);
  if (kind === undefined) return undefined;
  if (kind.scope === 'Cluster') return { kind: kind.id, namespace: '', name: owner.name };
  if (registry.byId(dependentKind)?.scope !== 'Namespaced') return undefined;
  return { kind: kind.id, namespace, name: owner.name };
}
