import type { Observation } from './cloud-object.ts';

/** A page of Compute's lists. */
interface Page<T> {
  readonly items?: readonly T[] | null;
  readonly nextPageToken?: string | null;
}

/** Reads all pages of a list, 500 items each, into observations by name. */
export async function observeAll<T extends { name?: string | null }>(
  read: (page: { maxResults: number; pageToken?: string }) => Promise<{ data: Page<T> }>,
  observe: (item: T) => Observation,
): Promise<Map<string, Observation>> {
  const found = new Map<string, Observation>();
  let pageToken: string | undefined;
  do {
    const { data } = await read({ maxResults: 500, ...(pageToken ? { pageToken } : {}) });
    for (const item of data.items ?? []) if (item.name) found.set(item.name, observe(item));
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
  return found;
}
