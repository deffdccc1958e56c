import type { Schema } from '../../kinds/schema/schema.ts';
import type { GroupVersionKind } from '../served/served.ts';

type Plain = Omit<Schema, 'properties' | 'items' | 'additionalProperties' | 'anyOf' | `x-datum-${string}`>;

/** A schema as OpenAPI v3 documents and definitions show it: a structural schema with references, without our own keywords. */
export interface ApiSchema extends Plain {
  readonly $ref?: string;
  readonly allOf?: readonly ApiSchema[];
  readonly anyOf?: readonly ApiSchema[];
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly items?: ApiSchema;
  readonly additionalProperties?: ApiSchema;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
  readonly 'x-kubernetes-patch-strategy'?: 'merge';
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

/** Schemas by definition name. */
export type Definitions = Readonly<Record<string, ApiSchema>>;

/** A reference to a definition, with a description of its own where there is one. */
export function ref(definition: string, description?: string): ApiSchema {
  const reference = { $ref: `#/components/schemas/${definition}` };
  // OpenAPI 3.0 ignores what stands beside a reference.
  return description === undefined ? reference : { description, allOf: [reference] };
}

export function text(description: string): ApiSchema {
  return { type: 'string', description };
}

export function flag(description: string): ApiSchema {
  return { type: 'boolean', description };
}

export function integer(description: string, format: 'int32' | 'int64' = 'int32'): ApiSchema {
  return { type: 'integer', format, description };
}

export function object(
  description: string,
  properties: Readonly<Record<string, ApiSchema>>,
  required: readonly string[] = [],
): ApiSchema {
  return { type: 'object', description, properties, ...(required.length === 0 ? {} : { required }) };
}

/** A list that is replaced as a whole. */
export function list(description: string, items: ApiSchema): ApiSchema {
  return { type: 'array', description, items, 'x-kubernetes-list-type': 'atomic' };
}

export function mapOf(description: string, values: ApiSchema): ApiSchema {
  return { type: 'object', description, additionalProperties: values };
}
