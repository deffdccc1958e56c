import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { isObject, ownValue } from '../../kinds/schema/json.ts';
import { lastAppliedAnnotation } from '../fields/last-applied.ts';
import { type Binding, isSealed } from './sealed-value.ts';
import type { SecretBox } from './secret-box.ts';

/** Where an object is stored, which is bound into its sealed values. */
export interface StoredAt {
  readonly project: string;
  readonly namespace: string;
  readonly name: string;
}

interface Sensitive {
  /** Not typed further: what is stored has no revision yet. */
  readonly metadata: object;
  [field: string]: unknown;
}

/** Seals the values of the sensitive fields, which are maps of strings, and kubectl's copy of them, in place. */
export function sealFields(kind: Kind, object: Sensitive, at: StoredAt, box: SecretBox): void {
  changeFields(kind, object, at, box.seal);
}

/** Opens what `sealFields` sealed, in place. Throws for what was changed, or moved to another place. */
export function openFields(kind: Kind, object: Sensitive, at: StoredAt, box: SecretBox): void {
  changeFields(kind, object, at, (value, binding) =>
    // The copy was once stored as it is.
    binding.field === annotationsField && !isSealed(value) ? value : box.open(value, binding),
  );
}

/** The values of the sensitive fields, sealed or not, and kubectl's copy of them. */
export function sensitiveValues(kind: Kind, object: Resource): string[] {
  const values = kind.sensitive.flatMap((field) => {
    const held = ownValue(object, field);
    return isObject(held) ? Object.values(held as Record<string, string>) : [];
  });
  const applied = object.metadata.annotations?.[lastAppliedAnnotation];
  return applied === undefined ? values : [...values, applied];
}

const annotationsField = 'metadata.annotations';

/** Replaces the maps that hold values, and alters none: they may be shared. */
function changeFields(
  kind: Kind,
  object: Sensitive,
  at: StoredAt,
  change: (value: string, binding: Binding & { readonly field: string }) => string,
): void {
  const metadata = object.metadata as { uid?: string; annotations?: Readonly<Record<string, string>> };
  const changed = (field: string, key: string, value: string): string =>
    change(value, {
      field,
      to: JSON.stringify([at.project, kind.id, at.namespace, at.name, metadata.uid, field, key]),
      before: `${metadata.uid}/${field}/${key}`,
    });
  for (const field of kind.sensitive) {
    const values = object[field];
    if (values === undefined || values === null) continue;
    const entries = Object.entries(values as Record<string, string>);
    object[field] = Object.fromEntries(entries.map(([key, value]) => [key, changed(field, key, value)]));
  }
  const applied = metadata.annotations?.[lastAppliedAnnotation];
  if (applied === undefined) return;
  metadata.annotations = {
    ...metadata.annotations,
    [lastAppliedAnnotation]: changed(annotationsField, lastAppliedAnnotation, applied),
  };
}
