import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { operationFault } from './classify.ts';
import type { GcpClient } from './client.ts';
import type { Progress } from './cloud-object.ts';
import { isGcpError } from './errors.ts';

/** Reads an operation. Never by its type: those names are irregular. */
export function progressOf(operation: compute_v1.Schema$Operation): Progress {
  const targetId = operation.targetId ? { targetId: operation.targetId } : {};
  if (operation.status !== 'DONE') return { done: false, operation: operation.name ?? '', ...targetId };
  const error = operation.error?.errors?.[0];
  return { done: true, ...targetId, ...(error === undefined ? {} : { fault: operationFault(error) }) };
}

/** Runs a delete, for which an object that does not exist is as good as deleted. */
export async function deletion(call: () => Promise<{ data: compute_v1.Schema$Operation }>): Promise<Progress> {
  try {
    return progressOf((await call()).data);
  } catch (error) {
    if (isGcpError(error, 'notFound')) return { done: true };
    throw error;
  }
}

/** Runs a read, for which an object that does not exist is undefined. */
export async function existing<T>(call: () => Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await call()).data;
  } catch (error) {
    if (isGcpError(error, 'notFound')) return undefined;
    throw error;
  }
}

/** An operation by name; undefined when Google does not know it (any more). */
export async function operation(
  client: GcpClient,
  account: string,
  scope: string,
  name: string,
): Promise<Progress | undefined> {
  const { compute } = client;
  const [kind, place = ''] = scope.split('/');
  const found = await existing(() => {
    const common = { project: account, operation: name };
    if (kind === 'zones') return compute.zoneOperations.get({ ...common, zone: place });
    if (kind === 'regions') return compute.regionOperations.get({ ...common, region: place });
    return compute.globalOperations.get(common);
  });
  return found && progressOf(found);
}

/** Operations of a scope by name: the newest first, at most `limit` of them. One call for each 500. */
export async function operations(
  client: GcpClient,
  account: string,
  scope: string,
  limit: number,
): Promise<Map<string, Progress>> {
  const { compute } = client;
  const [kind, place = ''] = scope.split('/');
  const found = new Map<string, Progress>();
  let pageToken: string | undefined;
  do {
    const common = {
      project: account,
      orderBy: 'creationTimestamp desc',
      maxResults: 500,
      ...(pageToken ? { pageToken } : {}),
    };
    const { data } =
      kind === 'zones'
        ? await compute.zoneOperations.list({ ...common, zone: place })
        : kind === 'regions'
          ? await compute.regionOperations.list({ ...common, region: place })
          : await compute.globalOperations.list(common);
    for (const item of data.items ?? []) if (item.name) found.set(item.name, progressOf(item));
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken !== undefined && found.size < limit);
  return found;
}
