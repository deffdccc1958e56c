import type { Datum } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { manifestOf } from '../../catalog/plain-object.ts';
import { mergePatch } from './merge-patch.ts';

interface WriteOptions {
  readonly dryRun?: boolean;
  /** Only if the object still has this version. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal;
}

interface Outcome {
  readonly object: AnyObject;
  readonly warnings: readonly string[];
}

/** Writes a manifest: makes a new object, or changes those fields of `base` that differ. */
export type Write = (manifest: Readonly<Record<string, unknown>>, options?: WriteOptions) => Promise<Outcome>;

/** How a manifest of a kind is written. */
export function writerOf(client: Datum, { facts, kind }: KnownKind, base: AnyObject | undefined): Write {
  const resource = client.resource(kind);
  return async (manifest, { dryRun, ifMatch, signal } = {}) => {
    if (base === undefined) {
      const { object, warnings } = await resource.create(manifest, { dryRun, signal });
      return { object: object as AnyObject, warnings };
    }
    const { namespace, name } = base.metadata;
    const key = { namespace: facts.namespaced ? namespace : undefined, name };
    const patch = mergePatch(manifestOf(base), manifest);
    const { object, warnings } = await resource.update(key, patch, { dryRun, ifMatch, signal });
    return { object: object as AnyObject, warnings };
  };
}
