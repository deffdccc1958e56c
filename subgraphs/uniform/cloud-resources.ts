import DataLoader from 'dataloader';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Inventory } from '../../store/inventory.ts';
import { cloudConsoleUrl } from './cloud-console-url.ts';
import type { SubgraphContext } from './context.ts';

/** Reads what was made for the object with a uid; what one level of a request asks for is read together. */
export type LoadCloudResources = (ownerUid: string) => Promise<readonly CloudResource[]>;

/** A loader for one request. */
export function cloudResourcesLoader({ cloudResources }: Inventory): LoadCloudResources {
  const loader = new DataLoader((uids: readonly string[]) => cloudResources(uids), { cache: false });
  return (uid) => loader.load(uid);
}

/** Resolver of what was made for an object. Throws Forbidden for those who may not get it, though they may list it. */
export function cloudResourcesResolver(kind: Kind) {
  return async ({ metadata }: Resource, _: unknown, { guard, cloudResources }: SubgraphContext): Promise<object[]> => {
    const { namespace = '', name, uid } = metadata;
    guard.require(kind, 'get', { namespace, name });
    const found = await cloudResources(uid);
    return found.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).map(shown);
  };
}

function idOf({ type, account, scope, name }: CloudResource): string {
  return `${type} ${account} ${scope} ${name}`;
}

/** What the owner's readers may know: not the facts, which are notes of the controllers to themselves. */
function shown(resource: CloudResource): object {
  const { cloud, account, scope, type, name, targetId, state, verb, operation, plannedAt, attempts, retryAt, error } =
    resource;
  return {
    cloud,
    account,
    scope,
    type,
    name,
    targetId,
    state,
    verb,
    operation,
    plannedAt: plannedAt.toISOString(),
    attempts,
    retryAt: retryAt?.toISOString(),
    error,
    url: cloudConsoleUrl(resource),
  };
}
