import { type DatumError, ForbiddenError, RequestError, UnauthenticatedError } from '../client/errors.ts';
import type { Answer, AnswerError } from './transport.ts';

/** The data of an answer. Throws the first of its errors. */
export function dataOf<T>(answer: Answer, http: HttpFacts = {}): T {
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw errorOf(error, http);
  if (answer.data === undefined || answer.data === null)
    throw new RequestError('the answer holds no data', { code: 'BAD_ANSWER', ...http });
  return answer.data as T;
}

/** What the HTTP answer says beside its body. */
export interface HttpFacts {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

function errorOf({ message, extensions = {} }: AnswerError, http: HttpFacts): DatumError {
  const { code = 'UNKNOWN', retryable = false, requestId, field } = extensions;
  switch (code) {
    case 'UNAUTHENTICATED':
      return new UnauthenticatedError(message, requestId);
    case 'FORBIDDEN':
      return new ForbiddenError(message, code, requestId);
    default:
      return new RequestError(message, { code, retryable, requestId, field, ...http });
  }
}
