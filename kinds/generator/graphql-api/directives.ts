import { getDirectiveValues, isObjectType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

/** Arguments of a directive on a type or field, defaults filled in; undefined where it is not used. */
export function directive<T>(schema: GraphQLSchema, on: GraphQLObjectType | GraphQLField<unknown, unknown>, name: string): T | undefined {
  return directives<T>(schema, on, name)[0];
}

/** Arguments of each use of a repeatable directive. */
export function directives<T>(schema: GraphQLSchema, on: GraphQLObjectType | GraphQLField<unknown, unknown>, name: string): T[] {
  const definition = schema.getDirective(name);
  if (!definition) throw new Error(`directive @${name} is not defined`);
  const uses = (on.astNode?.directives ?? []).filter((node) => node.name.value === name);
  return uses.map((node) => getDirectiveValues(definition, { directives: [node] }) as T);
}

/** The kinds of a schema, by name. */
export function kindTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => directive(schema, type, 'kind') !== undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
