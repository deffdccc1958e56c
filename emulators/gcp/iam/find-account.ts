import { consistencyOf } from '../core/consistency.ts';
import type { ResourceRow } from '../core/database.ts';
import type { World } from '../core/world.ts';
import { ApiError, apiError } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import { homeOf, isNew } from './accounts.ts';

/** Where a path's account is to be looked for, whether it is there or not. */
export function accountKeyOf(world: World, request: ApiRequest): string {
  const given = param(request, 'account');
  const project = param(request, 'project');
  const home = homeOf(given);
  const collection = `projects/${project === '-' ? (home ?? '-') : world.projects.idOf(project)}/serviceAccounts`;
  const byId = /^\d{21}$/.test(given) ? keyOfUniqueId(world, collection, given) : undefined;
  return byId ?? `${collection}/${given}`;
}

/** The account by email or unique id. A missing one is a 404, but a 403 where the project was left open (`-`). */
export function findAccount(world: World, request: ApiRequest): { readonly key: string; readonly row: ResourceRow } {
  const key = accountKeyOf(world, request);
  const row = world.database.get('resource', key);
  if (row !== undefined) return { key, row };
  if (param(request, 'project') !== '-') throw apiError(404, 'notFound', 'Unknown service account');
  const permission = 'iam.serviceAccounts.get';
  throw new ApiError({
    httpStatus: 403,
    reason: 'forbidden',
    message: `Permission '${permission}' denied on resource (or it may not exist).`,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ],
  });
}

/** Which reads of new accounts have been answered, to answer every second one with a 404. */
export function createFlaps(): (world: World, key: string, row: ResourceRow) => void {
  const reads = new Map<string, number>();
  return (world, key, row) => {
    if (!isNew(world, row)) {
      reads.delete(key);
      return;
    }
    const count = (reads.get(key) ?? 0) + 1;
    reads.set(key, count);
    // A flapping read is right the first time.
    const isSeen = consistencyOf(world).serviceAccountFlaps && count % 2 === 1;
    if (!isSeen) throw apiError(404, 'notFound', `Service account ${key} does not exist.`);
  };
}

function keyOfUniqueId(world: World, collection: string, uniqueId: string): string | undefined {
  const hasId = (key: string) => world.database.get('resource', key)?.body['uniqueId'] === uniqueId;
  return world.indexes.resources.keys(collection).find(hasId);
}
