import type { Schema } from '../../kinds/schema/schema.ts';
import type { ApiSchema } from './api-schema.ts';
import { describe } from './describe.ts';
import { oneOfRules } from './one-of-rule.ts';

const done = new WeakMap<Schema, ApiSchema>();

/** Formats that are checked nowhere but with us have no meaning to clients. */
const formats: Readonly<Record<string, string>> = {
  base64: 'byte',
  cidr: 'cidr',
  'date-time': 'date-time',
  int32: 'int32',
  int64: 'int64',
};

/** A schema of ours as clients may see it: our own keywords become sentences and rules. Made once per schema. */
export function wireSchema(schema: Schema): ApiSchema {
  let wire = done.get(schema);
  if (wire === undefined) {
    wire = converted(schema);
    done.set(schema, wire);
  }
  return wire;
}

function converted(schema: Schema): ApiSchema {
  const { description: _, format, properties, items, additionalProperties, anyOf, ...rest } = schema;
  const plain = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-datum-')));
  const description = describe(schema);
  const shownFormat = format === undefined ? undefined : formats[format];
  const rules = [...(schema['x-kubernetes-validations'] ?? []), ...oneOfRules(schema)];
  return {
    ...(description === '' ? {} : { description }),
    ...(plain as ApiSchema),
    ...(shownFormat === undefined ? {} : { format: shownFormat }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, wireSchema) }),
    ...(items === undefined ? {} : { items: wireSchema(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: wireSchema(additionalProperties) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(wireSchema) }),
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
  };
}

/** The record with each value mapped. */
export function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
