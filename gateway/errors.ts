import { GraphQLError } from 'graphql';

/** Refusal at the gateway's edge. `status` is that of the HTTP answer; 400 turns to 200 for callers of the older media type. */
export function refusal(message: string, code: string, status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable: false, http: { status, spec: status === 400 } } });
}

/** Refusal as the body of an answer that was not executed. */
export function refusalBody(message: string, code: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryable: false, requestId } }] });
}
