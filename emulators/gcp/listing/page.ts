import type { Json } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';

const MAX_RESULTS = 500;

/** One thing that a list can show. `sortKey` orders it; the body is only made when it is looked at. */
export interface Listed {
  readonly sortKey: string;
  body(): Json;
}

export interface PageRequest {
  readonly maxResults: number;
  readonly pageToken: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/** `maxResults` (0 to 500, which is the default) and `pageToken`; 400 when one is out of form. */
export function pageRequest(query: URLSearchParams): PageRequest {
  const text = query.get('maxResults') ?? String(MAX_RESULTS);
  const maxResults = Number(text);
  if (!/^\d+$/.test(text) || maxResults > MAX_RESULTS) {
    throw invalidValue('maxResults', text, `Must be between 0 and ${MAX_RESULTS}, inclusive.`);
  }
  return { maxResults, pageToken: query.get('pageToken') ?? undefined };
}

/**
 * The first `maxResults` of the candidates that pass, after the place where `pageToken` stopped. Candidates come in
 * rising order of sort key, so a page stays right when things come and go between two calls.
 */
export function takePage<T extends Listed>(
  candidates: Iterable<T>,
  { maxResults, pageToken }: PageRequest,
  passes: (item: Json) => boolean,
): Page<T> {
  const after = pageToken === undefined ? undefined : readToken(pageToken);
  const items: T[] = [];
  for (const candidate of candidates) {
    if (after !== undefined && candidate.sortKey <= after) continue;
    if (!passes(candidate.body())) continue;
    if (items.length === maxResults) {
      const last = items.at(-1)?.sortKey;
      return { items, nextPageToken: last === undefined ? undefined : writeToken(last) };
    }
    items.push(candidate);
  }
  return { items, nextPageToken: undefined };
}

function writeToken(sortKey: string): string {
  return Buffer.from(`after ${sortKey}`).toString('base64url');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after ')) throw invalidValue('pageToken', token, 'Invalid page token.');
  return text.slice('after '.length);
}
