import { type DriftPolicy, driftPolicyOf, isAdopting } from '../../kinds/provider-annotations.ts';
import { keyOf, type Resource } from '../../kinds/object.ts';
import type { CloudIntent } from '../../store/cloud-resources.types.ts';

/** In which project, and by which controller, an object of the cloud is wanted. */
export type By = Pick<CloudIntent, 'project' | 'controller'>;

/** What an owner says about its objects in the cloud. */
export interface Owned {
  /** Of the owner. */
  readonly generation: number;
  readonly drift: DriftPolicy;
  /** Whether what is there already under the name is taken over, unless it is marked as another owner's. */
  readonly adopts: boolean;
}

/** The part of a wanted object that says whose it is, and who is woken when something happens to it. */
export function ownedIn(
  owner: Resource,
  { project, controller }: By,
): By & Pick<CloudIntent, 'ownerKind' | 'ownerUid' | 'ownerKey'> & Owned {
  const { uid, generation = 1 } = owner.metadata;
  return {
    project,
    controller,
    ownerKind: owner.kind,
    ownerUid: uid,
    ownerKey: keyOf(owner),
    generation,
    drift: driftPolicyOf(owner),
    adopts: isAdopting(owner),
  };
}
