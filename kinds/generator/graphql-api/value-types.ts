import {
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { directive } from './directives.ts';
import { block, field } from './print.ts';

/** Metadata that every stored object has, though a new one need not bring it. */
const alwaysPresent = new Set(['name', 'uid', 'resourceVersion', 'creationTimestamp']);
/** Metadata that the server alone writes. */
const serverOnly = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);
/** Metadata that is fixed for life, besides what the server writes. */
const fixed = new Set(['name', 'generateName', 'namespace']);
const maps = new Set(['StringMap', 'BytesMap', 'QuantityMap']);

/** Types of values that the API of some kinds reaches: in answers, in new objects, in merges. */
export interface ValueTypes {
  readonly output: ReadonlySet<GraphQLNamedType>;
  readonly input: ReadonlySet<GraphQLNamedType>;
  readonly patch: ReadonlySet<GraphQLNamedType>;
}

/** Fields of a kind's or value's twin for writing. */
function writableFields(type: GraphQLObjectType, isKind: boolean, twin: 'input' | 'patch'): GraphQLField<unknown, unknown>[] {
  return Object.values(type.getFields()).filter(({ name }) => {
    if (isKind) return name !== 'status';
    if (type.name !== 'ObjectMeta') return true;
    return !serverOnly.has(name) && !(twin === 'patch' && fixed.has(name));
  });
}

/** Collects what the kinds reach. */
export function valueTypes(kinds: readonly GraphQLObjectType[]): ValueTypes {
  const output = new Set<GraphQLNamedType>();
  const input = new Set<GraphQLNamedType>();
  const patch = new Set<GraphQLNamedType>();
  const isKind = (type: GraphQLNamedType): boolean => kinds.includes(type as GraphQLObjectType);
  const visitOutput = (type: GraphQLNamedType): void => {
    if (output.has(type)) return;
    output.add(type);
    if (isObjectType(type)) for (const { type: next } of Object.values(type.getFields())) visitOutput(getNamedType(next));
  };
  const visitInput = (type: GraphQLNamedType): void => {
    if (input.has(type)) return;
    input.add(type);
    if (isObjectType(type)) for (const { type: next } of writableFields(type, isKind(type), 'input')) visitInput(getNamedType(next));
  };
  const visitPatch = (type: GraphQLNamedType): void => {
    if (patch.has(type)) return;
    patch.add(type);
    if (!isObjectType(type)) return;
    for (const { type: next } of writableFields(type, isKind(type), 'patch')) {
      if (isListType(getNullableType(next))) visitInput(getNamedType(next));
      else visitPatch(getNamedType(next));
    }
  };
  for (const kind of kinds) {
    visitOutput(kind);
    visitInput(kind);
    visitPatch(kind);
  }
  return { output, input, patch };
}

/** Field lines of a type as it is answered. */
export function outputFields(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields()).map(({ name, type: fieldType, description }) => {
    const required = type.name === 'ObjectMeta' && alwaysPresent.has(name) ? '!' : '';
    return field(`${name}: ${String(fieldType)}${required}`, description);
  });
}

/** A value type as it is answered. */
export function outputType(type: GraphQLObjectType, shareable: boolean): string {
  return block(`type ${type.name}${shareable ? ' @shareable' : ''}`, outputFields(type), type.description);
}

/** The twin of a type for new objects. */
export function inputType(schema: GraphQLSchema, type: GraphQLObjectType): string {
  const isKind = directive(schema, type, 'kind') !== undefined;
  const fields = writableFields(type, isKind, 'input').map((each) => {
    // What the store fills in need not be said.
    const filled = directive<{ stored: boolean }>(schema, each, 'default')?.stored === true;
    const inner = filled && isNonNullType(each.type) ? each.type.ofType : each.type;
    return field(`${each.name}: ${twinType(inner, 'Input')}`, each.description);
  });
  return block(`input ${type.name}Input`, fields, type.description);
}

/** The twin of a type for merging: absent keeps, null clears, lists are replaced. */
export function patchType(schema: GraphQLSchema, type: GraphQLObjectType): string {
  const isKind = directive(schema, type, 'kind') !== undefined;
  const fields = writableFields(type, isKind, 'patch').map((each) => {
    const nullable = getNullableType(each.type);
    const named = getNamedType(each.type);
    const twin = isListType(nullable) ? twinType(nullable, 'Input') : maps.has(named.name) ? 'MapPatch' : twinType(nullable, 'Patch');
    return field(`${each.name}: ${twin}`, each.description);
  });
  return block(`input ${type.name}Patch`, fields, type.description);
}

/** An enum, as it is. */
export function enumType(type: GraphQLEnumType): string {
  return block(
    `enum ${type.name}`,
    type.getValues().map(({ name, description }) => field(name, description)),
    type.description,
  );
}

function twinType(type: GraphQLType, suffix: 'Input' | 'Patch'): string {
  if (isNonNullType(type)) return `${twinType(type.ofType, suffix)}!`;
  if (isListType(type)) return `[${twinType(type.ofType, suffix)}]`;
  return isObjectType(type) ? `${type.name}${suffix}` : String(type);
}

/** Whether a type needs a definition of its own in the API: not GraphQL's own scalars. */
export function isOwn(type: GraphQLNamedType): boolean {
  return isEnumType(type) || isObjectType(type) || !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name);
}
