import { createHash } from 'node:crypto';

/** JSON with the keys of every object in order, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * Short hash of an instance template: 16 hex digits, the same whatever the order of keys. Whether instances run is no part
 * of it, since they need not be made anew for that.
 */
export function templateHash(template: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(withoutPower(template)))
    .digest('hex')
    .slice(0, 16);
}

function withoutPower(template: unknown): unknown {
  if (!isObject(template) || !isObject(template['spec'])) return template;
  const { powerState: _power, restartedAt: _restarted, ...spec } = template['spec'];
  return { ...template, spec };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
