import { isScalarType, type GraphQLSchema } from 'graphql';

/** Descriptions of the scalars by name: those of the kinds, and those that the API adds. */
export function scalarsOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const ofKinds = Object.values(schema.getTypeMap())
    .filter(isScalarType)
    .map((type) => [type.name, type.description ?? ''] as const);
  return new Map([
    ...ofKinds,
    ['MapPatch', 'Change of a map with free keys: a string sets a key, null removes it, what is absent stays.'],
  ]);
}
