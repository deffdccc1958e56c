import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { apiDocument } from './schema.ts';

/**
 * One schema out of those of the subgraphs: every field is resolved by the subgraph that serves it, as in a plan, but without
 * going there by way of ids. An object that a relation answers is whole, whichever subgraph it comes from.
 */
export function joinSubgraphs(
  parts: readonly { readonly area: string; readonly schema: GraphQLSchema }[],
): GraphQLSchema {
  const joined = buildASTSchema(joinDocuments(parts.map(({ area }) => apiDocument(area))), { assumeValidSDL: true });
  for (const { schema } of parts) {
    for (const type of Object.values(schema.getTypeMap())) {
      const target = joined.getType(type.name);
      if (isObjectType(type) && isObjectType(target)) {
        for (const [name, field] of Object.entries(type.getFields())) adopt(target.getFields()[name], field);
      } else if (isInterfaceType(type) && isInterfaceType(target)) {
        target.resolveType ??= type.resolveType;
      } else if (isScalarType(type) && isScalarType(target) && type.astNode) {
        Object.assign(target, {
          serialize: type.serialize,
          parseValue: type.parseValue,
          parseLiteral: type.parseLiteral,
        });
      }
    }
  }
  return joined;
}

function adopt(
  target: GraphQLField<unknown, unknown> | undefined,
  { resolve, subscribe }: GraphQLField<unknown, unknown>,
): void {
  if (target === undefined) return;
  if (resolve !== undefined) target.resolve ??= resolve;
  if (subscribe !== undefined) target.subscribe ??= subscribe;
}

/** Definitions of all documents: a type that several define has the fields and interfaces of all. */
function joinDocuments(documents: readonly DocumentNode[]): DocumentNode {
  const joined = new Map<string, DefinitionNode>();
  for (const definition of documents.flatMap(({ definitions }) => definitions)) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const name = definition.name.value;
    const known = joined.get(name);
    const isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION;
    joined.set(
      name,
      isObject && known?.kind === Kind.OBJECT_TYPE_DEFINITION ? joinTypes(known, definition) : (known ?? definition),
    );
  }
  return { kind: Kind.DOCUMENT, definitions: [...joined.values()] };
}

function joinTypes(a: ObjectTypeDefinitionNode, b: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  const fields = new Map([...(a.fields ?? []), ...(b.fields ?? [])].map((field) => [field.name.value, field]));
  const interfaces = new Map([...(a.interfaces ?? []), ...(b.interfaces ?? [])].map((each) => [each.name.value, each]));
  return { ...a, fields: [...fields.values()], interfaces: [...interfaces.values()] };
}
