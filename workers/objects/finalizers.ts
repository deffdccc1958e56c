import type { KindTypes } from '../../kinds/generated/types.ts';
import { keyOf, type Resource } from '../../kinds/object.ts';
import { isStoreError, StoreError } from '../../store/errors.ts';
import type { RequestContext, Store } from '../../store/types.ts';

/** Finalizers by the controller that removes them. A creator sets them too, which saves that controller a write. */
export const finalizers = {
  workload: 'compute.datumapis.com/workload-controller',
  /** On workloads whose gateway has something in the cloud. */
  gateway: 'compute.datumapis.com/gcp-gateway',
  /** On deployments whose instances are a group of the cloud, and on those instances. */
  group: 'compute.datumapis.com/gcp-group',
  workloadDeployment: 'compute.datumapis.com/workload-deployment-controller',
  network: 'networking.datumapis.com/network-controller',
  networkContext: 'networking.datumapis.com/network-context-controller',
  subnet: 'networking.datumapis.com/subnet-controller',
} as const;

export function hasFinalizer(object: Pick<Resource, 'metadata'>, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) === true;
}

/**
 * Makes sure that an object cannot go before its controller let it; answers the object as it is then. Throws Conflict when
 * its deletion began in between: what is made for it now would be left behind.
 */
export async function holdObject<K extends keyof KindTypes>(
  store: Store,
  context: RequestContext,
  kind: K,
  object: KindTypes[K],
  finalizer: string,
): Promise<KindTypes[K]> {
  if (hasFinalizer(object, finalizer)) return object;
  const held = await store.update(context, kind, keyOf(object), (current) => withFinalizer(current, finalizer), {
    uid: object.metadata.uid,
    startFrom: object,
  });
  if (!hasFinalizer(held.object as KindTypes[K], finalizer)) {
    throw new StoreError('Conflict', `${kind} ${object.metadata.name} is being deleted`);
  }
  return held.object as KindTypes[K];
}

/** Lets an object go, as far as this controller is concerned. */
export async function letGo<K extends keyof KindTypes>(
  store: Store,
  context: RequestContext,
  kind: K,
  object: KindTypes[K],
  finalizer: string,
): Promise<void> {
  if (!hasFinalizer(object, finalizer)) return;
  try {
    await store.update(context, kind, keyOf(object), (current) => withoutFinalizer(current, finalizer), {
      uid: object.metadata.uid,
      startFrom: object,
    });
  } catch (error) {
    if (!isStoreError(error, 'NotFound')) throw error;
  }
}

function withFinalizer<T extends Resource>(object: T, finalizer: string): T | undefined {
  const present = object.metadata.finalizers ?? [];
  if (present.includes(finalizer) || object.metadata.deletionTimestamp !== undefined) return undefined;
  return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
}

function withoutFinalizer<T extends Resource>(object: T, finalizer: string): T | undefined {
  const present = object.metadata.finalizers ?? [];
  if (!present.includes(finalizer)) return undefined;
  return { ...object, metadata: { ...object.metadata, finalizers: present.filter((one) => one !== finalizer) } };
}
