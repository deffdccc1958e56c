import { apiError } from '../http/api-error.ts';

/** A part of a list that is known in full, for the APIs that page by `pageSize`. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/** The slice that `pageSize` and `pageToken` ask for. A size of 0 means the default; a larger one is cut to the most. */
export function nextSlice<T>(
  all: readonly T[],
  query: URLSearchParams,
  { defaultSize, maxSize }: { defaultSize: number; maxSize: number },
): Slice<T> {
  const wanted = Number(query.get('pageSize') ?? '0');
  const token = query.get('pageToken') ?? '';
  const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(wanted) || wanted < 0) throw apiError(400, 'badRequest', 'Invalid page size.');
  if (!Number.isInteger(start) || start < 0) throw apiError(400, 'badRequest', 'Invalid page token.');
  const end = start + Math.min(wanted === 0 ? defaultSize : wanted, maxSize);
  const items = all.slice(start, end);
  return { items, nextPageToken: end < all.length ? Buffer.from(`${end}`).toString('base64url') : undefined };
}
