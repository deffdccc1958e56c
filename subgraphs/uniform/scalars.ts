import { GraphQLError, GraphQLScalarType } from 'graphql';

/** Resolvers of the scalars: what is sent must have the right shape; what it may hold is for the store to say. */
export const scalarResolvers: Readonly<Record<string, GraphQLScalarType>> = Object.fromEntries(
  [
    scalar('JSON', 'a JSON value', () => true),
    scalar('StringMap', 'an object of strings', (value) => isMap(value, isString)),
    scalar('BytesMap', 'an object of base64 strings', (value) => isMap(value, isString)),
    scalar('QuantityMap', 'an object of quantities', (value) => isMap(value, isStringOrNumber)),
    scalar('MapPatch', 'an object of strings and nulls', (value) =>
      isMap(value, (each) => each === null || isStringOrNumber(each)),
    ),
    scalar('IntOrString', 'an integer or a string', (value) => isString(value) || Number.isInteger(value)),
    scalar('Quantity', 'a quantity such as 10Gi', isStringOrNumber),
    scalar('Time', 'an RFC 3339 time', isString),
    scalar('MicroTime', 'an RFC 3339 time', isString),
    scalar('Int64', 'an integer', (value) => Number.isSafeInteger(value)),
  ].map((type) => [type.name, type]),
);

function scalar(name: string, expected: string, accepts: (value: unknown) => boolean): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    parseValue(value) {
      if (accepts(value)) return value;
      throw new GraphQLError(`${name} must be ${expected}`, {
        extensions: { code: 'BAD_USER_INPUT', retryable: false },
      });
    },
  });
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isStringOrNumber(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isMap(value: unknown, accepts: (each: unknown) => boolean): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(accepts);
}
