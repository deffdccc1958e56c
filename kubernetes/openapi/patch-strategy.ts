import type { ApiSchema } from './api-schema.ts';
import { mapValues } from './wire-schema.ts';

/** The schema with what strategic merge patches need: lists that have a key are merged by it. */
export function withPatchStrategy(schema: ApiSchema): ApiSchema {
  const { properties, items, additionalProperties } = schema;
  const [key, ...more] = schema['x-kubernetes-list-map-keys'] ?? [];
  const merged = key !== undefined && more.length === 0;
  return {
    ...schema,
    ...(merged ? { 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-patch-merge-key': key } : {}),
    ...(properties === undefined ? {} : { properties: mapValues(properties, withPatchStrategy) }),
    ...(items === undefined ? {} : { items: withPatchStrategy(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: withPatchStrategy(additionalProperties) }),
  };
}
