import { GraphQLError } from 'graphql';
import { withoutValues } from './without-values.ts';

/** Codes that graphql-js and the gateway's libraries do not give themselves. */
function codeOf({ message, extensions }: GraphQLError): string {
  const { code } = extensions;
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' && code !== 'DOWNSTREAM_SERVICE_ERROR') return code;
  if (code !== undefined) return 'INTERNAL';
  if (message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED';
  return message.startsWith('Variable "$') ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}

/** Path of the field that a variable's value is wrong at, from the root of the value: `spec.mtu`. */
function fieldOf({ message, extensions }: GraphQLError): string | undefined {
  if (typeof extensions['field'] === 'string') return extensions['field'];
  const variable = /^Variable "\$(\w+)" got invalid value /.exec(message)?.[1];
  if (variable === undefined) return undefined;
  const at = new RegExp(` at "${variable}[.]?([^"]*)"; `, 's').exec(message)?.[1] ?? '';
  const missing = /; Field "(\w+)" (?:is not defined|of required type)/.exec(message)?.[1];
  return [at, missing].filter(Boolean).join('.');
}

/**
 * Status and headers of the answer. GraphQL over HTTP asks for 400 when a body is not JSON, whatever the caller accepts;
 * the library's own error says that only for the newer media type.
 */
function httpOf({ message, extensions: { http } }: GraphQLError): object | undefined {
  return message === 'POST body sent invalid JSON.' ? { status: 400 } : (http as object | undefined);
}

/** Errors as a caller sees them: without values that are wrong, each with `code`, `retryable`, `requestId` and, for bad input, its `field`. */
export function publicErrors(errors: readonly GraphQLError[], requestId: string): GraphQLError[] {
  return errors.map((error) => {
    const code = codeOf(error);
    const field = fieldOf(error);
    const { nodes, source, positions, path, message } = error;
    const { retryable = false, retryAfterSeconds } = error.extensions;
    const http = httpOf(error);
    return new GraphQLError(withoutValues(message), {
      nodes: nodes ?? null,
      source: source ?? null,
      positions: positions ?? null,
      path: path ?? null,
      extensions: {
        code,
        retryable,
        requestId,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        ...(field === undefined ? {} : { field }),
        ...(http === undefined ? {} : { http }),
      },
    });
  });
}
