import type { Kind } from './kind.ts';
import { labelFault, labelValueFault, pathSegmentFault, qualifiedNameFault, subdomainFault } from './name-rules.ts';
import type { ObjectMeta, OwnerReference } from './object.ts';
import { forbidden, invalid, required, tooLong, type Problem } from './problem.ts';
import { providerAnnotationProblems } from './provider-annotations.ts';

const maxAnnotationBytes = 256 * 1024;

/** What breaks the rules on metadata of the right shape. `previous` is absent on create. */
export function metadataProblems(
  kind: Pick<Kind, 'scope' | 'id'>,
  metadata: Partial<ObjectMeta>,
  previous?: ObjectMeta,
): Problem[] {
  return [
    ...nameProblems(kind, metadata),
    ...namespaceProblems(kind, metadata),
    ...labelProblems('metadata.labels', metadata.labels),
    ...annotationProblems('metadata.annotations', metadata.annotations),
    ...finalizerProblems(metadata, previous),
    ...ownerProblems(metadata.ownerReferences ?? []),
  ];
}

/** What breaks the rules on labels: qualified keys, values of at most 63 characters. */
export function labelProblems(path: string, labels: Record<string, string> = {}): Problem[] {
  const values = Object.values(labels).flatMap((value) => {
    const fault = labelValueFault(value);
    return fault === undefined ? [] : [invalid(path, value, fault)];
  });
  return [...keyProblems(path, labels), ...values];
}

/** What breaks the rules on annotations: qualified keys, 256 KiB in all, known words where they tell the provider something. */
export function annotationProblems(path: string, annotations: Record<string, string> = {}): Problem[] {
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return [
    ...keyProblems(path, annotations),
    ...providerAnnotationProblems(path, annotations),
    ...(bytes > maxAnnotationBytes ? [tooLong(path, maxAnnotationBytes)] : []),
  ];
}

/** What is allowed but unwise; shown as warnings. */
export function metadataWarnings(metadata: Partial<ObjectMeta>): string[] {
  return (metadata.finalizers ?? [])
    .filter((finalizer) => !finalizer.includes('/'))
    .map(
      (finalizer) =>
        `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}

function nameProblems(kind: Pick<Kind, 'id'>, { name, generateName }: Partial<ObjectMeta>): Problem[] {
  const problems: Problem[] = [];
  // The server completes the prefix, so a dash at its end is no fault.
  const prefixFault = generateName ? nameFault(kind, generateName.replace(/-$/, 'a')) : undefined;
  if (prefixFault !== undefined) problems.push(invalid('metadata.generateName', generateName, prefixFault));
  if (!name) {
    if (!generateName) problems.push(required('metadata.name', 'name or generateName is required'));
    return problems;
  }
  const fault = nameFault(kind, name);
  if (fault !== undefined) problems.push(invalid('metadata.name', name, fault));
  return problems;
}

/** Kinds whose names need only be a segment of a path: `system:masters`. */
const pathSegmentKinds: readonly string[] = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];

function nameFault(kind: Pick<Kind, 'id'>, name: string): string | undefined {
  if (pathSegmentKinds.includes(kind.id)) return pathSegmentFault(name);
  if (kind.id !== 'Namespace') return subdomainFault(name);
  return name.includes('.') ? 'must not contain dots' : labelFault(name);
}

function namespaceProblems(kind: Pick<Kind, 'scope'>, { namespace }: Partial<ObjectMeta>): Problem[] {
  if (kind.scope === 'Cluster') return namespace ? [forbidden('metadata.namespace', 'not allowed on this type')] : [];
  if (!namespace) return [required('metadata.namespace')];
  const fault = labelFault(namespace);
  return fault === undefined ? [] : [invalid('metadata.namespace', namespace, fault)];
}

function keyProblems(path: string, map: Record<string, string>): Problem[] {
  return Object.keys(map).flatMap((key) => {
    const fault = qualifiedNameFault(key);
    return fault === undefined ? [] : [invalid(path, key, fault)];
  });
}

function finalizerProblems({ finalizers = [] }: Partial<ObjectMeta>, previous?: ObjectMeta): Problem[] {
  const problems = finalizers.flatMap((finalizer) => {
    const fault = qualifiedNameFault(finalizer);
    return fault === undefined ? [] : [invalid('metadata.finalizers', finalizer, fault)];
  });
  const added =
    previous?.deletionTimestamp === undefined
      ? []
      : finalizers.filter((finalizer) => !previous.finalizers?.includes(finalizer));
  if (added.length > 0) {
    const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    const text = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    problems.push(forbidden('metadata.finalizers', text));
  }
  return problems;
}

function ownerProblems(owners: readonly OwnerReference[]): Problem[] {
  const path = 'metadata.ownerReferences';
  const empty = owners.flatMap((owner) => [
    ...(owner.apiVersion ? [] : [invalid(`${path}.apiVersion`, '', 'version must not be empty')]),
    ...(owner.kind ? [] : [invalid(`${path}.kind`, '', 'kind must not be empty')]),
    ...(owner.name ? [] : [invalid(`${path}.name`, '', 'name must not be empty')]),
    ...(owner.uid ? [] : [invalid(`${path}.uid`, '', 'uid must not be empty')]),
  ]);
  const controllers = owners.filter((owner) => owner.controller === true).map((owner) => `${owner.kind}/${owner.name}`);
  if (controllers.length < 2) return empty;
  const text = `Only one reference can have Controller set to true. Found "true" in references for ${controllers.join(' and ')}`;
  return [...empty, invalid(path, undefined, text)];
}
