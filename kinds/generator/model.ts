import { getDirectiveValues, isEnumType, isListType, isNonNullType, isObjectType, isScalarType } from 'graphql';
import type {
  FieldDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  ObjectTypeDefinitionNode,
} from 'graphql';
import type { Column } from '../kind.ts';
import type { Json } from '../schema/schema.ts';
import { pluralFieldOf } from './names.ts';

/** Value rules of a field, from @rule. */
export interface Rule {
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly immutable?: boolean;
}

/** A field that names an object of another kind, from @ref. */
export interface Ref {
  readonly kind: string;
  readonly field?: string;
  readonly inverse?: string;
  /** Kinds in which the field refers; absent means all that contain it. */
  readonly holders?: readonly string[];
}

export interface FieldModel {
  readonly name: string;
  readonly description: string;
  /** Name of the object type, enum or scalar, of each item where `list`. */
  readonly type: string;
  readonly category: 'object' | 'enum' | 'scalar';
  readonly list: boolean;
  /** Non-null in the SDL. With a stored default the writer may still leave it out. */
  readonly required: boolean;
  readonly rule: Rule;
  readonly listType?: { readonly type: 'map'; readonly keys: readonly string[] } | { readonly type: 'set' | 'atomic' };
  readonly mapAtomic: boolean;
  readonly default?: { readonly value: Json; readonly stored: boolean };
  readonly ref?: Ref;
  readonly sensitive: boolean;
  readonly notYet?: { readonly except?: Json };
}

export interface ObjectModel {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly FieldModel[];
  readonly oneOf?: { readonly fields: readonly string[]; readonly optional: boolean };
}

export interface EnumModel {
  readonly name: string;
  readonly description: string;
  readonly values: readonly { readonly name: string; readonly description: string }[];
}

/** A kind; its fields are those of the object type of its name, `metadata` included. */
export interface KindModel {
  readonly name: string;
  readonly description: string;
  readonly group: string;
  readonly version: string;
  readonly area: string;
  readonly plural: string;
  /** Plural in camel case, as GraphQL fields have it: `networkPolicies`. */
  readonly pluralField: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly conditions: readonly string[];
  readonly scalable: boolean;
  readonly selectable: readonly string[];
  readonly rootOnly: boolean;
  readonly columns: readonly Column[];
  readonly owned: readonly { readonly by: string; readonly field: string; readonly inverse: string }[];
  readonly via: readonly { readonly field: string; readonly path: readonly string[]; readonly single: boolean }[];
}

/** All that the SDL of the kinds says, sorted by name; fields keep the order of the SDL. */
export interface Model {
  readonly kinds: readonly KindModel[];
  readonly objects: ReadonlyMap<string, ObjectModel>;
  readonly enums: ReadonlyMap<string, EnumModel>;
}

/** Reads the SDL of the kinds. Throws when a directive holds what cannot be, with the field's name. */
export function readModel(schema: GraphQLSchema): Model {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const objects = types.filter(isObjectType);
  return {
    kinds: objects.flatMap((type) => readKind(schema, type) ?? []),
    objects: new Map(objects.map((type) => [type.name, readObject(schema, type)])),
    enums: new Map(
      types.filter(isEnumType).map((type) => [
        type.name,
        {
          name: type.name,
          description: type.description ?? '',
          // The loader may sort; the syntax tree has the order of the file.
          values: (type.astNode?.values ?? []).map((value) => ({
            name: value.name.value,
            description: value.description?.value ?? '',
          })),
        },
      ]),
    ),
  };
}

/** The object type of that name. Throws when there is none. */
export function objectOf(model: Model, name: string): ObjectModel {
  const found = model.objects.get(name);
  if (found === undefined) throw new Error(`No object type ${name} in the kinds' SDL`);
  return found;
}

function readKind(schema: GraphQLSchema, type: GraphQLObjectType): KindModel | undefined {
  const node = astOf(type);
  const kind = one(schema, 'kind', node);
  if (kind === undefined) return undefined;
  return {
    name: type.name,
    description: type.description ?? '',
    ...(kind as Pick<
      KindModel,
      | 'group'
      | 'version'
      | 'area'
      | 'plural'
      | 'shortNames'
      | 'categories'
      | 'scope'
      | 'conditions'
      | 'scalable'
      | 'selectable'
      | 'rootOnly'
    >),
    pluralField: pluralFieldOf(type.name, String(kind['plural'])),
    // Spelled out, since the loader decides the order of a directive's arguments.
    columns: each<Column>(schema, 'column', node).map(({ name, type, jsonPath, wide }) => ({
      name,
      type,
      jsonPath,
      wide,
    })),
    owned: each<KindModel['owned'][number]>(schema, 'owned', node),
    via: each<KindModel['via'][number]>(schema, 'via', node).map(({ field, path, single }) => ({
      field,
      path,
      single,
    })),
  };
}

function readObject(schema: GraphQLSchema, type: GraphQLObjectType): ObjectModel {
  const node = astOf(type);
  const oneOf = one(schema, 'oneOf', node) as ObjectModel['oneOf'];
  const fields = type.getFields();
  return {
    name: type.name,
    description: type.description ?? '',
    fields: (node.fields ?? []).map((field) => {
      const known = fields[field.name.value];
      if (known === undefined) throw new Error(`${type.name}.${field.name.value} has no type`);
      return readField(schema, type.name, known, field);
    }),
    ...(oneOf && { oneOf: { fields: oneOf.fields, optional: oneOf.optional } }),
  };
}

function readField(
  schema: GraphQLSchema,
  owner: string,
  field: GraphQLField<unknown, unknown>,
  node: FieldDefinitionNode,
): FieldModel {
  const outer = isNonNullType(field.type) ? field.type.ofType : field.type;
  const list = isListType(outer);
  const inner = list ? outer.ofType : outer;
  const named = isNonNullType(inner) ? inner.ofType : inner;
  const category = isObjectType(named)
    ? 'object'
    : isEnumType(named)
      ? 'enum'
      : isScalarType(named)
        ? 'scalar'
        : undefined;
  if (category === undefined)
    throw new Error(`${owner}.${field.name}: lists of lists, interfaces and unions have no place in a kind`);
  const listMap = one(schema, 'listMap', node);
  const listType = listMap
    ? ({ type: 'map', keys: listMap['keys'] as string[] } as const)
    : one(schema, 'listSet', node)
      ? ({ type: 'set' } as const)
      : one(schema, 'listAtomic', node)
        ? ({ type: 'atomic' } as const)
        : undefined;
  const fallback = one(schema, 'default', node);
  const ref = one(schema, 'ref', node) as Ref | undefined;
  const notYet = one(schema, 'notYet', node);
  return {
    name: field.name,
    description: field.description ?? '',
    type: (named as { name: string }).name,
    category,
    list,
    required: isNonNullType(field.type),
    rule: (one(schema, 'rule', node) ?? {}) as Rule,
    ...(listType && { listType }),
    mapAtomic: one(schema, 'mapAtomic', node) !== undefined,
    ...(fallback && {
      default: { value: jsonOf(`${owner}.${field.name}`, fallback['value']), stored: fallback['stored'] === true },
    }),
    ...(ref && { ref }),
    sensitive: one(schema, 'sensitive', node) !== undefined,
    ...(notYet && { notYet: 'except' in notYet ? { except: jsonOf(`${owner}.${field.name}`, notYet['except']) } : {} }),
  };
}

function astOf(type: GraphQLObjectType): ObjectTypeDefinitionNode {
  if (!type.astNode) throw new Error(`${type.name} was not read from SDL`);
  return type.astNode;
}

type Node = ObjectTypeDefinitionNode | FieldDefinitionNode;

function one(schema: GraphQLSchema, name: string, node: Node): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  if (!directive) throw new Error(`kinds/directives.graphql does not define @${name}`);
  return getDirectiveValues(directive, node);
}

/** Arguments of each use of a repeatable directive, in order; getDirectiveValues answers only the first. */
function each<T>(schema: GraphQLSchema, name: string, node: Node): T[] {
  return (node.directives ?? [])
    .filter((used) => used.name.value === name)
    .map((used) => one(schema, name, { ...node, directives: [used] }) as T);
}

function jsonOf(where: string, text: unknown): Json {
  try {
    return JSON.parse(String(text)) as Json;
  } catch (cause) {
    throw new Error(`${where}: ${String(text)} is not JSON`, { cause });
  }
}
