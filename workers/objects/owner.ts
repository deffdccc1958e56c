import type { OwnerReference, Resource } from '../../kinds/object.ts';

/** Reference that makes `owner` the controlling owner of an object. */
export function ownedBy(owner: Resource): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The owner that controls an object, if it has one. */
export function controllerOf(object: Pick<Resource, 'metadata'>): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Whether the object with this uid controls the given one. */
export function isControlledBy(object: Pick<Resource, 'metadata'>, uid: string): boolean {
  return controllerOf(object)?.uid === uid;
}

export function isDeleting(object: Pick<Resource, 'metadata'>): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
