import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import type { ObjectRow } from './read.ts';
import type { SecretBox } from './encryption/secret-box.ts';
import type { StoredAt } from './encryption/sensitive-fields.ts';

/** An object at a revision, as it came from Postgres: read as text where text is enough, parsed at most once. */
export interface Stored {
  /** The object as JSON text, `metadata.resourceVersion` included. */
  text(): string;
  /** The same without `apiVersion` and `kind`. */
  textWithoutType(): string;
  /** The object parsed: one for all who ask, so nobody may change it. */
  object(): Resource;
  readonly revision: string;
  /** About how large it is. */
  readonly bytes: number;
}

const heads = new WeakMap<Kind, string>();

/** How the stored text of every object of a kind begins. */
function headOf(kind: Kind): string {
  let head = heads.get(kind);
  if (head === undefined) {
    head = `{"apiVersion":${JSON.stringify(apiVersionOf(kind))},"kind":${JSON.stringify(kind.name)},"metadata":{`;
    heads.set(kind, head);
  }
  return head;
}

/**
 * The text of an object with its revision, out of the text that is stored; undefined where that is not enough: sealed values
 * have to be opened, and a text of an older version of the kind begins otherwise.
 */
export function splicedText(kind: Kind, { object, revision }: ObjectRow): string | undefined {
  const head = headOf(kind);
  if (kind.sensitive.length > 0 || !object.startsWith(head)) return undefined;
  return `${head}"resourceVersion":"${revision}",${object.slice(head.length)}`;
}

/** The object of a stored text at its revision, and where it was found. Nothing is parsed until somebody needs it. */
export function stored(kind: Kind, sealed: string, revision: string, box: SecretBox, at: StoredAt): Stored {
  let parsed: Resource | undefined;
  const object = (): Resource => (parsed ??= decode(kind, sealed, revision, box, at));
  const head = headOf(kind);
  const row = { object: sealed, revision };
  return {
    revision,
    bytes: sealed.length,
    object,
    text: () => splicedText(kind, row) ?? JSON.stringify(object()),
    textWithoutType() {
      if (kind.sensitive.length === 0 && sealed.startsWith(head))
        return `{"metadata":{"resourceVersion":"${revision}",${sealed.slice(head.length)}`;
      const { apiVersion: _, kind: __, ...rest } = object();
      return JSON.stringify(rest);
    },
  };
}
