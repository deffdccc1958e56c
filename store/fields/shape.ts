import type { Kind } from '../../kinds/kind.ts';
import { facts } from '../../kinds/registry.ts';
import { isObject } from '../../kinds/schema/json.ts';
import type { Schema } from '../../kinds/schema/schema.ts';
import { listElements, type ListElement } from './element.ts';

/** A field that the schema names. */
export interface Field {
  readonly name: string;
  /** How field sets name it: `f:spec`. */
  readonly element: string;
  readonly shape: Shape;
  /** False for what identifies an object: nobody owns that, and no apply changes it. */
  readonly owned: boolean;
  /** Whether the field is there even when empty, so that nobody owns that it is there. */
  readonly always: boolean;
}

/** An object whose fields are owned one by one. */
export interface MapShape {
  readonly form: 'map';
  readonly fields: ReadonlyMap<string, Field>;
  /** Shape of fields that the schema does not name; absent where there may be none. */
  readonly free?: Shape;
}

/** A list whose items are owned one by one: told apart by keys, or by their value. */
export interface ListShape {
  readonly form: 'listMap' | 'set';
  readonly item: Shape;
  readonly elementOf: ListElement;
  /** Keys that every item must have. */
  readonly keys: readonly string[];
}

/** How the parts of a value are owned. */
export type Shape =
  | MapShape
  | ListShape
  | { readonly form: 'scalar'; readonly accepts: 'string' | 'number' | 'boolean' | 'any' }
  /** Owned as a whole; `of` says what may be inside. */
  | { readonly form: 'atomic'; readonly of: MapShape | { readonly form: 'list'; readonly item: Shape } }
  /** Unknown to the schema: objects are owned field by field, all else as a whole. */
  | { readonly form: 'deduced' };

/** Metadata that identifies an object or is the store's to give. */
const unownedMetadata = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

const shapes = new WeakMap<Schema, MapShape>();

/** Shape of whole objects of a kind. */
export function shapeOf({ schema }: Pick<Kind, 'schema'>): MapShape {
  let shape = shapes.get(schema);
  if (shape === undefined) shapes.set(schema, (shape = rootShape(schema)));
  return shape;
}

function rootShape(schema: Schema): MapShape {
  const { fields: metadata } = mapShape(facts.metadata);
  const text: Shape = { form: 'scalar', accepts: 'string' };
  const meta = new Map([
    ...[...metadata.values()].map(
      (field) => [field.name, { ...field, owned: !unownedMetadata.has(field.name) }] as const,
    ),
    ['selfLink', { name: 'selfLink', element: 'f:selfLink', shape: text, owned: false, always: false }] as const,
  ]);
  const own = (name: string, shape: Shape, owned: boolean): [string, Field] => [
    name,
    { name, element: `f:${name}`, shape, owned, always: true },
  ];
  const content = mapShape(schema);
  return {
    ...content,
    fields: new Map<string, Field>([
      own('apiVersion', text, false),
      own('kind', text, false),
      own('metadata', { form: 'map', fields: meta }, true),
      ...content.fields,
    ]),
  };
}

function compile(schema: Schema): Shape {
  if (schema.type === undefined)
    return schema['x-kubernetes-int-or-string'] ? { form: 'scalar', accepts: 'any' } : { form: 'deduced' };
  switch (schema.type) {
    case 'object': {
      const of = mapShape(schema);
      if (schema['x-kubernetes-map-type'] === 'atomic') return { form: 'atomic', of };
      return of.fields.size === 0 && of.free?.form === 'deduced' ? of.free : of;
    }
    case 'array':
      return listShape(schema);
    case 'string':
      return { form: 'scalar', accepts: 'string' };
    case 'integer':
    case 'number':
      return { form: 'scalar', accepts: 'number' };
    case 'boolean':
      return { form: 'scalar', accepts: 'boolean' };
  }
}

function mapShape(schema: Schema): MapShape {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]): [string, Field] => [
    name,
    {
      name,
      element: `f:${name}`,
      shape: compile(field),
      owned: true,
      always: isObject(field.default) && Object.keys(field.default).length === 0,
    },
  ]);
  const free: Shape | undefined = schema.additionalProperties
    ? compile(schema.additionalProperties)
    : schema['x-kubernetes-preserve-unknown-fields']
      ? { form: 'deduced' }
      : undefined;
  return { form: 'map', fields: new Map(fields), ...(free === undefined ? {} : { free }) };
}

function listShape(schema: Schema): Shape {
  const item: Shape = schema.items === undefined ? { form: 'deduced' } : compile(schema.items);
  const { 'x-kubernetes-list-type': type = 'atomic' } = schema;
  switch (type) {
    case 'map':
      return { form: 'listMap', item, elementOf: listElements(schema), keys: requiredKeys(schema) };
    case 'set':
      return { form: 'set', item, elementOf: (value) => `v:${JSON.stringify(value)}`, keys: [] };
    case 'atomic':
      return { form: 'atomic', of: { form: 'list', item } };
  }
}

function requiredKeys(schema: Schema): string[] {
  const { 'x-kubernetes-list-map-keys': keys = [], items } = schema;
  return keys.filter((key) => items?.properties?.[key]?.default === undefined);
}
