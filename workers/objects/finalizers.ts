import type { Resource } from '../../kinds/object.ts';

/** Finalizers by the controller that removes them. A creator sets them too, which saves that controller a write. */
export const finalizers = {
  workload: 'compute.datumapis.com/workload-controller',
  workloadDeployment: 'compute.datumapis.com/workload-deployment-controller',
  network: 'networking.datumapis.com/network-controller',
  networkContext: 'networking.datumapis.com/network-context-controller',
  subnet: 'networking.datumapis.com/subnet-controller',
} as const;

export function hasFinalizer(object: Pick<Resource, 'metadata'>, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) === true;
}

/** The object with the finalizer, or undefined when it has it already: what `update` takes as "no change". */
export function withFinalizer<T extends Pick<Resource, 'metadata'>>(object: T, finalizer: string): T | undefined {
  if (hasFinalizer(object, finalizer)) return undefined;
  return { ...object, metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), finalizer] } };
}

/** The object without the finalizer, or undefined when it does not have it. */
export function withoutFinalizer<T extends Pick<Resource, 'metadata'>>(object: T, finalizer: string): T | undefined {
  if (!hasFinalizer(object, finalizer)) return undefined;
  const finalizers = object.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
