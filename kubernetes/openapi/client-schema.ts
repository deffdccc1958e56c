import type { ApiSchema } from './api-schema.ts';
import { mapValues } from './wire-schema.ts';

/**
 * The schema as clients must follow it. What has a default is always there once the server has it, but clients that check
 * before they send would ask people to write it.
 */
export function clientSchema(schema: ApiSchema): ApiSchema {
  const { properties, items, additionalProperties, required, ...rest } = schema;
  const needed = required?.filter((name) => properties?.[name]?.default === undefined) ?? [];
  return {
    ...rest,
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, clientSchema) }),
    ...(items === undefined ? {} : { items: clientSchema(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: clientSchema(additionalProperties) }),
  };
}
