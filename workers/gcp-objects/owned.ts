import { keyOf, type Resource } from '../../kinds/object.ts';
import type { CloudIntent } from '../../store/cloud-resources.types.ts';

/** In which project, and by which controller, an object of the cloud is wanted. */
export type By = Pick<CloudIntent, 'project' | 'controller'>;

/** The part of a wanted object that says whose it is, and who is woken when something happens to it. */
export function ownedIn(
  owner: Resource,
  { project, controller }: By,
): By & Pick<CloudIntent, 'ownerKind' | 'ownerUid' | 'ownerKey'> & { readonly generation: number } {
  const { uid, generation = 1 } = owner.metadata;
  return { project, controller, ownerKind: owner.kind, ownerUid: uid, ownerKey: keyOf(owner), generation };
}
