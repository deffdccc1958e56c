/** The part of JSON schema that the kinds use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly default?: unknown;
  /** What the server takes where there is nothing, but does not store. */
  readonly 'x-datum-default'?: unknown;
  readonly 'x-datum-immutable'?: boolean;
  readonly 'x-datum-sensitive'?: boolean;
  /** Exactly one of these fields, or one at most where it is optional. */
  readonly 'x-datum-one-of'?: { readonly fields: readonly string[]; readonly optional: boolean };
  readonly 'x-datum-not-yet'?: object;
  /** The text is the name of an object of this kind; its namespace is in the field beside, or the object's own. */
  readonly 'x-datum-ref'?: { readonly kind: string; readonly hasNamespace?: boolean };
}

const stringMap: Schema = { type: 'object', additionalProperties: { type: 'string' } };

/** What people write of every object's metadata. */
const metadata = (namespaced: boolean): Schema => ({
  type: 'object',
  required: ['name', ...(namespaced ? ['namespace'] : [])],
  properties: {
    name: {
      type: 'string',
      description: 'Unique among the objects of its kind in the namespace.',
      'x-datum-immutable': true,
    },
    ...(namespaced
      ? { namespace: { type: 'string', 'x-datum-immutable': true, 'x-datum-ref': { kind: 'Namespace' } } }
      : {}),
    labels: { ...stringMap, description: 'Short values by which objects are selected.' },
    annotations: { ...stringMap, description: 'Values that say more about the object.' },
  },
});

/** Schema of what people write of a kind, with metadata. Loaded when it is needed first. */
export async function schemaOf(many: string, namespaced: boolean): Promise<Schema> {
  const { default: schemas } = await import('../generated/schemas.json');
  const schema = schemas[many as keyof typeof schemas] as unknown as Schema;
  return {
    ...schema,
    required: ['metadata', ...(schema.required ?? [])],
    properties: { metadata: metadata(namespaced), ...schema.properties },
  };
}

/** Whether a value of this schema may be a number or a text. */
export function isIntOrString({ anyOf }: Schema): boolean {
  return anyOf !== undefined;
}

/** Whether a schema is that of a single value. */
export function isScalar(schema: Schema): boolean {
  return isIntOrString(schema) || ['string', 'integer', 'number', 'boolean'].includes(schema.type ?? '');
}

/** What the server takes where there is no value, as text. */
export function defaultOf(schema: Schema): string | undefined {
  const value = schema.default ?? schema['x-datum-default'];
  if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value).replaceAll('"', '');
}

/** A value to begin with: what is required, as far as it can be known. */
export function skeletonOf(schema: Schema): unknown {
  if (schema.default !== undefined && schema.type !== 'object') return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (isIntOrString(schema)) return '';
  switch (schema.type) {
    case 'object': {
      const oneOf = schema['x-datum-one-of'];
      const names = new Set([
        ...(schema.required ?? []),
        ...(oneOf !== undefined && !oneOf.optional ? oneOf.fields.slice(0, 1) : []),
      ]);
      return Object.fromEntries([...names].map((name) => [name, skeletonOf(schema.properties?.[name] ?? {})]));
    }
    case 'array':
      return schema.items === undefined ? [] : [skeletonOf(schema.items)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    case 'string':
    case undefined:
      return '';
  }
}
