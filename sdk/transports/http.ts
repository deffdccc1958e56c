import { ConnectionError, RequestError, UnauthenticatedError } from '../client/errors.ts';
import { dataOf, type HttpFacts } from './answer-errors.ts';
import type { Answer, Endpoint, Operation } from './transport.ts';

/** Tries of one request whose token is refused, the first included. */
const tokenTries = 2;

/**
 * Sends one operation and answers its data. Throws ConnectionError when nothing came back, and what the server says else. A
 * token that is refused is asked for anew, and the operation sent again: it was not begun.
 */
export async function request<T>(endpoint: Endpoint, operation: Operation, init: RequestParts): Promise<T> {
  const response = await post(endpoint, operation, 'application/graphql-response+json, application/json;q=0.9', init);
  const answer = await readAnswer(response, init.signal);
  return dataOf<T>(answer, factsOf(response));
}

export interface RequestParts {
  readonly signal: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts an operation. Throws UnauthenticatedError when no token helps, ConnectionError when nothing comes back. */
export async function post(
  { url, credentials, fetch, headers, project }: Endpoint,
  { document, variables }: Operation,
  accept: string,
  init: RequestParts,
): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    const token = await credentials.token();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        ...init.headers,
        'content-type': 'application/json',
        accept,
        ...(project === undefined ? {} : { 'datum-project': project }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document, variables }),
      signal: init.signal ?? null,
    }).catch((error: unknown) => {
      init.signal?.throwIfAborted();
      throw new ConnectionError(`${url} does not answer`, error);
    });
    if (response.status !== 401) return response;
    await response.body?.cancel();
    if (tried === tokenTries || !(await credentials.refresh(token)))
      throw new UnauthenticatedError(token === undefined ? 'a token is needed' : 'the token is not taken');
  }
}

async function readAnswer(response: Response, signal: AbortSignal | undefined): Promise<Answer> {
  const text = await response.text().catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new ConnectionError('the answer broke off', error);
  });
  const answer = parse(text);
  if (answer !== undefined) return answer;
  const { status, statusText } = response;
  throw new RequestError(`HTTP ${status} ${statusText}`.trim(), {
    code: `HTTP_${status}`,
    retryable: status === 429 || status >= 500,
    ...factsOf(response),
  });
}

function factsOf({ status, headers }: Response): HttpFacts {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return { status, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}) };
}

/** The answer of GraphQL; undefined for what somebody else on the way says. */
function parse(text: string): Answer | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body)
      ? (body as Answer)
      : undefined;
  } catch {
    return undefined;
  }
}
