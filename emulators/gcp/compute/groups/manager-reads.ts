import type { ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { ApiRequest } from '../../http/api-request.ts';
import { filterPredicate } from '../../listing/filter.ts';
import { pageRequest, takePage } from '../../listing/page.ts';
import { linkOf } from '../links.ts';
import type { ReadCall } from '../resource-type.ts';
import { scopeOfKey } from '../scope.ts';
import { healthOf } from './group-health.ts';
import { amountOf, groupSpec } from './group-spec.ts';
import type { CurrentAction, Managed } from './managed.ts';
import { CURRENT_ACTIONS, managedOf } from './managed.ts';
import { isReached } from './plan.ts';

/** Names of the counters in `currentActions`; those of actions that the emulator does not know are 0. */
const COUNTERS: Readonly<Record<CurrentAction, string>> = {
  NONE: 'none',
  ABANDONING: 'abandoning',
  CREATING: 'creating',
  CREATING_WITHOUT_RETRIES: 'creatingWithoutRetries',
  DELETING: 'deleting',
  RECREATING: 'recreating',
  REFRESHING: 'refreshing',
  RESTARTING: 'restarting',
  VERIFYING: 'verifying',
};

export const listManagedInstances: ReadCall = {
  httpMethod: 'POST',
  verb: 'listManagedInstances',
  answer(target, row, request) {
    const bodies = managedOf(target.world, target.key).map((managed) => managedBody(target.world, row, managed));
    const isPaged = row.body['listManagedInstancesResults'] === 'PAGINATED';
    return pageOf('managedInstances', bodies, request, isPaged);
  },
};

export const listErrors: ReadCall = {
  httpMethod: 'GET',
  verb: 'listErrors',
  answer: (_target, row, request) => pageOf('items', objectsAt(row.hidden ?? {}, 'errors').toReversed(), request, true),
};

/** What GET shows of a manager: its body, what its machines are doing, and whether it has come to rest. */
export function managerView(world: World, key: string, row: ResourceRow): JsonObject {
  const members = managedOf(world, key);
  const spec = groupSpec(row, scopeOfKey(key));
  const counts = new Map<CurrentAction, number>();
  for (const { action } of members) counts.set(action, (counts.get(action) ?? 0) + 1);
  const observed = members.map(({ name, zone, action, template }) => ({
    name,
    zone,
    action,
    template,
    state: 'up' as const,
  }));
  const reached = isReached(spec, observed);
  const isStable = members.length === spec.targetSize && members.every(({ action }) => action === 'NONE');
  const autoscaler = [...world.indexes.users(key)].find((user) => user.includes('/autoscalers/'));
  return {
    ...row.body,
    updatePolicy: policyView(objectAt(row.body, 'updatePolicy'), spec.targetSize),
    versions: objectsAt(row.body, 'versions').map((version) => versionView(version, spec.targetSize)),
    instanceGroup: linkOf(key.replace('/instanceGroupManagers/', '/instanceGroups/')),
    currentActions: {
      resuming: 0,
      starting: 0,
      stopping: 0,
      suspending: 0,
      ...Object.fromEntries(CURRENT_ACTIONS.map((action) => [COUNTERS[action], counts.get(action) ?? 0])),
    },
    status: {
      isStable: isStable && (reached || !spec.isProactive),
      versionTarget: { isReached: reached },
      allInstancesConfig: { effective: true },
      stateful: { hasStatefulConfig: false, perInstanceConfigs: { allEffective: true } },
      ...(autoscaler === undefined ? {} : { autoscaler: linkOf(autoscaler) }),
    },
  };
}

function policyView(policy: JsonObject, targetSize: number): JsonObject {
  const amount = (field: string) => {
    const given = objectAt(policy, field);
    return { ...given, calculated: amountOf(given, targetSize) };
  };
  return { ...policy, maxSurge: amount('maxSurge'), maxUnavailable: amount('maxUnavailable') };
}

function versionView(version: JsonObject, targetSize: number): JsonObject {
  if (version['targetSize'] === undefined) return version;
  const size = objectAt(version, 'targetSize');
  return { ...version, targetSize: { ...size, calculated: amountOf(size, targetSize) } };
}

/** A machine of the group as `listManagedInstances` shows it; its URL may be there before it is. */
function managedBody(world: World, manager: ResourceRow, managed: Managed): JsonObject {
  const row = world.database.get('resource', managed.instanceKey);
  const health = row === undefined ? undefined : healthOf(world, manager, row);
  const { versionName, errors } = managed;
  return {
    name: managed.name,
    instance: linkOf(managed.instanceKey),
    currentAction: managed.action,
    version: {
      instanceTemplate: linkOf(managed.template),
      ...(versionName === undefined ? {} : { name: versionName }),
    },
    ...(row === undefined ? {} : { id: row.body['id'], instanceStatus: row.body['status'] }),
    ...(errors === undefined
      ? {}
      : { lastAttempt: { errors: { errors: errors.map(({ code, message }) => ({ code, message })) } } }),
    ...(health === undefined
      ? {}
      : { instanceHealth: [{ healthCheck: health.check, detailedHealthState: health.state }] }),
  };
}

function pageOf(field: string, bodies: readonly JsonObject[], request: ApiRequest, isPaged: boolean): Json {
  const passes = filterPredicate(request.query.get('filter'));
  const listed = bodies.map((body, index) => ({ position: String(index).padStart(6, '0'), body }));
  if (!isPaged) return listOf(field, bodies.filter(passes), undefined);
  const page = takePage(
    (after) => listed.filter(({ position }) => after === undefined || position > after),
    pageRequest(request.query),
    passes,
  );
  return listOf(
    field,
    page.items.map(({ body }) => body),
    page.nextPageToken,
  );
}

function listOf(field: string, items: readonly JsonObject[], nextPageToken: string | undefined): Json {
  return {
    ...(items.length === 0 ? {} : { [field]: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
  };
}
