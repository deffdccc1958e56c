import { beginDelete } from '../compute/change.ts';
import { createResource } from '../compute/insert.ts';
import { computeType, isComputeType, targetOfKey } from '../compute/registry.ts';
import { removeNow } from '../compute/remove.ts';
import { boot, stoppedBody } from '../compute/resources/instance-power.ts';
import { labelFingerprintOf } from '../compute/resources/labels.ts';
import { projectOfKey, scopeOfKey } from '../compute/scope.ts';
import { splitKey } from '../core/collection.ts';
import type { ResourceRow } from '../core/database.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import type { JsonObject } from '../core/json.ts';
import { isObject, mergePatch, numberAt, objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

const MAINTENANCE_OVER = 'instances.maintained';

/** What somebody else, or Google itself, does to a resource. */
const ACTIONS: Readonly<Record<string, (world: World, key: string, row: ResourceRow, body: JsonObject) => void>> = {
  /** Takes it away at once, whoever uses it. */
  delete(world, key, row) {
    if (isComputeType(row.type)) removeNow(targetOfKey(world, key), computeType(row.type), row);
    else world.database.delete('resource', key);
  },
  /** Merges `patch` into its body. */
  patch(world, key, row, body) {
    const changed = mergePatch(row.body, objectAt(body, 'patch'));
    world.database.put('resource', key, { ...row, body: withNewFingerprints(row.body, changed) });
  },
  stop(world, key, row) {
    requireMachine(row, key);
    const target = targetOfKey(world, key);
    world.database.put('resource', key, { ...row, body: stoppedBody(target, row, world.clock.now()) });
  },
  start(world, key, row) {
    requireMachine(row, key);
    boot(targetOfKey(world, key), row, world.clock.now());
  },
  /** Google takes a machine's place: it stops, or is deleted, as its scheduling says. */
  preempt(world, key, row, body) {
    requireMachine(row, key);
    const scheduling = objectAt(row.body, 'scheduling');
    if (scheduling['instanceTerminationAction'] !== 'DELETE') return ACTIONS['stop']?.(world, key, row, body);
    beginDelete(targetOfKey(world, key), computeType('instances'), row, { atMs: world.clock.now() });
    return undefined;
  },
  /** The machine's host fails: REPAIRING for `ms`, and then it boots again. */
  maintain(world, key, row, body) {
    requireMachine(row, key);
    world.database.put('resource', key, { ...row, body: { ...row.body, status: 'REPAIRING' } });
    world.timers.schedule(world.clock.now() + (numberAt(body, 'ms') ?? 60_000), MAINTENANCE_OVER, key);
  },
};

/**
 * Changes, removes or makes a resource as somebody else would, without an operation and without asking who uses it.
 * Throws an Error when the request makes no sense.
 */
export function drift(world: World, body: JsonObject): void {
  const key = stringAt(body, 'resource') ?? '';
  const action = stringAt(body, 'action') ?? '';
  if (action === 'insert') return world.database.transaction(() => insert(world, key, objectAt(body, 'body')));
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) throw new Error(`action must be insert, ${Object.keys(ACTIONS).join(', ')}`);
  const row = world.database.get('resource', key);
  if (row === undefined) throw new Error(`no resource ${key}; a resource is named as in projects/p/global/networks/n`);
  return world.database.transaction(() => act(world, key, row, body));
}

/** Makes it ready at once, whatever the latencies are. */
function insert(world: World, key: string, body: JsonObject): void {
  const { collection, name } = splitKey(key);
  const typeName = splitKey(collection).name;
  const type = isComputeType(typeName) ? computeType(typeName) : undefined;
  if (type?.insert === undefined) throw new Error(`nothing can be made in ${collection}`);
  createResource(world, type, type.insert, {
    project: projectOfKey(key),
    scope: scopeOfKey(key),
    body: { ...body, name },
    atMs: world.clock.now(),
    fault: { kind: 'slow-operation', ms: 0 },
  });
}

function requireMachine(row: ResourceRow, key: string): void {
  if (row.type !== 'instances') throw new Error(`${key} is no instance`);
}

/** Whoever read before the change must meet a stale fingerprint after it. */
function withNewFingerprints(before: JsonObject, after: JsonObject): JsonObject {
  const renewed: Record<string, JsonObject[string]> = { ...after };
  for (const [field, value] of Object.entries(after)) {
    const isChanged = value !== before[field];
    if (isChanged && isObject(value) && value['fingerprint'] !== undefined) {
      const { fingerprint: _stale, ...content } = value;
      renewed[field] = { ...content, fingerprint: fingerprintOf(content) };
    }
  }
  if (after['labelFingerprint'] !== undefined)
    renewed['labelFingerprint'] = labelFingerprintOf(objectAt(after, 'labels'));
  if (after['fingerprint'] !== undefined) renewed['fingerprint'] = fingerprintOf(renewed);
  return renewed;
}
