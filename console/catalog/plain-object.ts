import { stringify } from 'yaml';
import type { AnyObject } from './any-object.ts';

/** Metadata that the server or its controllers write. */
const notWritten = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'finalizers',
  'ownerReferences',
]);

type Values = Readonly<Record<string, unknown>>;

/** An object as its author writes it: without status and what server and controllers say. */
export function manifestOf(object: AnyObject): AnyObject {
  const { status: _, ...rest } = object;
  const { metadata, ...fields } = rest as AnyObject;
  const kept = Object.entries(metadata).filter(([name]) => !notWritten.has(name));
  const { apiVersion, kind, ...others } = fields;
  return { apiVersion, kind, metadata: Object.fromEntries(kept), ...others } as unknown as AnyObject;
}

/** An object without the notes on who owns which field, which are long and for machines. */
export function withoutManagers(object: AnyObject): AnyObject {
  const { managedFields: _, ...metadata } = object.metadata as AnyObject['metadata'] & { managedFields?: unknown };
  const { apiVersion, kind, metadata: _metadata, ...others } = object;
  return { apiVersion, kind, metadata, ...others };
}

/** An object whose secret values cannot be read. */
export function masked(object: AnyObject, sensitive: readonly string[]): AnyObject {
  const fields = Object.entries(object).map(([name, value]) => {
    if (!sensitive.includes(name) || typeof value !== 'object' || value === null) return [name, value];
    return [name, Object.fromEntries(Object.keys(value as Values).map((key) => [key, '••••••']))];
  });
  return Object.fromEntries(fields) as AnyObject;
}

/** Anything as YAML, its fields in the order they come. */
export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
