import { GraphQLError } from 'graphql';
import type { TooMany } from '../access/limits/too-many.ts';
import { withoutStack } from '../access/limits/without-stack.ts';

const code = 'RATE_LIMITED';

/** What is too much right now, as an error of an operation. */
export function tooManyError({ message, retryAfterSecs }: TooMany): GraphQLError {
  const http = { status: 429, headers: { 'retry-after': String(retryAfterSecs) } };
  const extensions = { code, retryable: true, retryAfterSeconds: retryAfterSecs, http };
  return withoutStack(() => new GraphQLError(message, { extensions }));
}

/** The same as an answer to a request that was not looked into. */
export function tooManyAnswer(
  { message, retryAfterSecs }: TooMany,
  requestId: string,
  Response: typeof globalThis.Response,
): Response {
  const extensions = { code, retryable: true, retryAfterSeconds: retryAfterSecs, requestId };
  return new Response(JSON.stringify({ errors: [{ message, extensions }] }), {
    status: 429,
    headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(retryAfterSecs) },
  });
}
