import type { ObjectMeta } from '../../kinds/object.ts';
import { groupOf } from './group-of.ts';
import { goKind, objectMeta } from './go-kinds.ts';
import { decodeAs, type Typed } from './go-walk.ts';

/** An object as a client wants it: its metadata is well-formed, all else of a custom kind is for the store to judge. */
export type Manifest = Record<string, unknown> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Partial<ObjectMeta>>;
};

/**
 * Decodes an object that says itself to be of this version and kind: all of it where the kind is built into Kubernetes, else
 * its metadata. Unknown fields of custom objects are left for the schema to find. Throws DecodeError in Go's words.
 */
export function decodeTyped(
  object: Readonly<Record<string, unknown>>,
  { apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>,
): Typed<Manifest> {
  const type = goKind(groupOf(apiVersion), kind);
  const typed = type === undefined ? undefined : decodeAs(type, object);
  const { metadata, ...content } = (typed?.value ?? object) as Record<string, unknown>;
  const checked = typed === undefined ? decodeAs(objectMeta, metadata ?? {}, 'kept').value : metadata;
  // Decoding has made sure of the form.
  const value = { ...content, apiVersion, kind, metadata: checked ?? {} } as Manifest;
  return { value, unknown: typed?.unknown ?? [] };
}
