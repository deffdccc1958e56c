import { GraphQLError } from 'graphql';

/** Answer of a subgraph that cannot be reached: the caller may try again. */
export function unavailable(name: string, cause: unknown): GraphQLError {
  const originalError = cause instanceof Error ? new GraphQLError(cause.message) : undefined;
  return new GraphQLError(`The subgraph ${name} cannot be reached`, {
    originalError: originalError ?? null,
    extensions: { code: 'UNAVAILABLE', retryable: true },
  });
}
