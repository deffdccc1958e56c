import type { Resource } from '../../kinds/object.ts';
import { groupOf } from '../body/group-of.ts';
import { checkName, checkVersion, otherKind } from '../body/identity.ts';
import type { Manifest } from '../body/typed.ts';
import type { Served } from '../served/served.ts';
import { badRequest, invalid } from '../status/refusals.ts';

/** Throws where a patch changed what names an object: 400 for name, namespace and a version that is none, 422 for kind, apiVersion and uid. */
export function checkUnchanged(next: Manifest, current: Resource, style: Served['style']): void {
  checkName(next.metadata, current.metadata.name);
  checkNamespace(next, current);
  checkVersion(next.metadata);
  if (next.kind !== current.kind) throw otherKind(next, 'kind', current.kind);
  if (next.apiVersion !== current.apiVersion) throw otherKind(next, 'apiVersion', current.apiVersion);
  const { uid = current.metadata.uid } = next.metadata;
  if (uid === current.metadata.uid) return;
  const cause = {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(uid)}: field is immutable`,
    field: 'metadata.uid',
  };
  // Kubernetes checks the metadata of custom objects twice, and tells both findings.
  const causes = style === 'custom' ? [cause, cause] : [cause];
  throw invalid({ group: groupOf(next.apiVersion), version: '', kind: next.kind }, current.metadata.name, causes);
}

function checkNamespace({ metadata }: Manifest, current: Resource): void {
  const { namespace = '' } = current.metadata;
  if (namespace === '' || !metadata.namespace || metadata.namespace === namespace) return;
  throw badRequest(
    `the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${namespace})`,
  );
}
