import type { Json, JsonObject } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';

const MAX_RESULTS = 500;

/** One thing that a list can show. `position` tells where it stands, for the next page to go on from. */
export interface Listed {
  readonly position: string;
  readonly body: JsonObject;
}

export interface PageRequest {
  readonly maxResults: number;
  readonly pageToken: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/** `maxResults` (up to 500, which is the default and what 0 means) and `pageToken`; 400 when one is out of form. */
export function pageRequest(query: URLSearchParams): PageRequest {
  const text = query.get('maxResults') ?? String(MAX_RESULTS);
  const maxResults = Number(text);
  if (!/^\d+$/.test(text) || maxResults > MAX_RESULTS) {
    throw invalidValue('maxResults', text, `Must be between 0 and ${MAX_RESULTS}, inclusive.`);
  }
  return { maxResults: maxResults === 0 ? MAX_RESULTS : maxResults, pageToken: query.get('pageToken') ?? undefined };
}

/**
 * The first `maxResults` that pass of the candidates behind a position (undefined: from the start). Positions are told
 * by name and not by number, so a page stays right when things come and go between two calls.
 */
export function takePage<T extends Listed>(
  candidatesAfter: (position: string | undefined) => Iterable<T>,
  { maxResults, pageToken }: PageRequest,
  passes: (item: Json) => boolean,
): Page<T> {
  const items: T[] = [];
  for (const candidate of candidatesAfter(pageToken === undefined ? undefined : readToken(pageToken))) {
    if (!passes(candidate.body)) continue;
    if (items.length === maxResults) {
      const last = items.at(-1);
      return { items, nextPageToken: last === undefined ? undefined : writeToken(last.position) };
    }
    items.push(candidate);
  }
  return { items, nextPageToken: undefined };
}

function writeToken(position: string): string {
  return Buffer.from(`after ${position}`).toString('base64url');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after ')) throw invalidValue('pageToken', token, 'Invalid page token.');
  return text.slice('after '.length);
}
