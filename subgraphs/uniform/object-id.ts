import type { Key } from '../../kinds/object.ts';

/** What an opaque `id` stands for: an object's place, so that a reference becomes an id without a look-up. */
export interface ObjectId extends Key {
  readonly project: string;
  readonly kind: string;
}

/** The global id of a place. Names hold no `/`, so that the parts are found again. */
export function encodeId({ project, kind, namespace, name }: ObjectId): string {
  return Buffer.from(`${project}/${kind}/${namespace}/${name}`).toString('base64url');
}

/** The place behind an id; undefined for what is not an id of ours. */
export function decodeId(id: string): ObjectId | undefined {
  const [project, kind, namespace, name, ...more] = Buffer.from(id, 'base64url').toString('utf8').split('/');
  if (!project || !kind || namespace === undefined || !name || more.length > 0) return undefined;
  return { project, kind, namespace, name };
}
