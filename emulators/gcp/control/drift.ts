import { removeNow } from '../compute/remove.ts';
import { computeType, isComputeType, targetOfKey } from '../compute/registry.ts';
import { labelFingerprintOf } from '../compute/resources/labels.ts';
import { fingerprintOf } from '../core/fingerprint.ts';
import type { JsonObject } from '../core/json.ts';
import { isObject, mergePatch, objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/**
 * Changes or removes a resource as somebody else would, without an operation and without asking who uses it.
 * Throws an Error when the request makes no sense.
 */
export function drift(world: World, body: JsonObject): void {
  const key = stringAt(body, 'resource') ?? '';
  const row = world.database.get('resource', key);
  if (row === undefined) throw new Error(`no resource ${key}; a resource is named as in projects/p/global/networks/n`);
  const action = stringAt(body, 'action');
  world.database.transaction(() => {
    if (action === 'delete') {
      if (isComputeType(row.type)) removeNow(targetOfKey(world, key), computeType(row.type), row);
      else world.database.delete('resource', key);
    } else if (action === 'patch') {
      const changed = mergePatch(row.body, objectAt(body, 'patch'));
      world.database.put('resource', key, { ...row, body: withNewFingerprints(row.body, changed) });
    } else throw new Error('action must be delete or patch');
  });
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
