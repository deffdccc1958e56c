import type { ObjectMeta } from './object.ts';
import { notSupported, type Problem } from './problem.ts';

/** What happens when somebody changes in the cloud what an object of ours stands for. */
const driftPolicies = ['Correct', 'Report', 'Ignore'] as const;
export type DriftPolicy = (typeof driftPolicies)[number];

/** What happens in the cloud when an object is deleted. */
const deletionPolicies = ['Delete', 'Abandon'] as const;
export type DeletionPolicy = (typeof deletionPolicies)[number];

const driftKey = 'provider.datumapis.com/drift-policy';
const deletionKey = 'provider.datumapis.com/deletion-policy';
const pausedKey = 'provider.datumapis.com/paused';
/** Takes over what somebody else made in the cloud under the name that an object of ours would have there. */
export const adoptKey = 'provider.datumapis.com/adopt';
/** Keeps an object from being deleted by anybody but the product itself. */
export const protectionKey = 'compute.datumapis.com/deletion-protection';

/** Allows what cannot be changed in place to be made anew, with what is on its boot disk lost. */
export const replacementKey = 'compute.datumapis.com/allow-replacement';

const allowed: Readonly<Record<string, readonly string[]>> = {
  [driftKey]: driftPolicies,
  [deletionKey]: deletionPolicies,
  [pausedKey]: ['true', 'false'],
  [adoptKey]: ['true', 'false'],
  [protectionKey]: ['true', 'false'],
  [replacementKey]: ['true', 'false'],
};

type Annotated = { readonly metadata: Pick<ObjectMeta, 'annotations'> };

/** What breaks the rules on annotations that tell the provider what to do: a mistyped one must not be overlooked. */
export function providerAnnotationProblems(
  path: string,
  annotations: Readonly<Record<string, string>> = {},
): Problem[] {
  return Object.entries(allowed).flatMap(([key, values]) => {
    const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    return value === undefined || values.includes(value) ? [] : [notSupported(`${path}[${key}]`, value, values)];
  });
}

/** Default Correct. */
export function driftPolicyOf(object: Annotated): DriftPolicy {
  return (annotation(object, driftKey) as DriftPolicy | undefined) ?? 'Correct';
}

/** Default Delete. */
export function deletionPolicyOf(object: Annotated): DeletionPolicy {
  return (annotation(object, deletionKey) as DeletionPolicy | undefined) ?? 'Delete';
}

/** Whether the provider leaves the object and everything of it in the cloud alone for now. */
export function isPaused(object: Annotated): boolean {
  return annotation(object, pausedKey) === 'true';
}

/** Whether objects in the cloud that nobody has marked are taken over where an object of ours would be. */
export function isAdopting(object: Annotated): boolean {
  return annotation(object, adoptKey) === 'true';
}

/** Whether a request to delete the object is refused. */
export function isProtected(object: Annotated): boolean {
  return annotation(object, protectionKey) === 'true';
}

/** Whether a machine may be made anew where its instance was changed in what cannot be changed in place. */
export function mayBeReplaced(object: Annotated): boolean {
  return annotation(object, replacementKey) === 'true';
}

function annotation({ metadata: { annotations = {} } }: Annotated, key: string): string | undefined {
  return Object.hasOwn(annotations, key) ? annotations[key] : undefined;
}
