import { isObject } from '../../kinds/schema/json.ts';
import { badRequest } from '../status/refusals.ts';

const maxInt32 = 2 ** 31 - 1;

/** The number that a Scale of any shape wants; an absent one is zero. Throws 400 for what is no Scale. */
export function replicasOf(sent: unknown): number {
  const spec = isObject(sent) ? (sent['spec'] ?? {}) : undefined;
  const replicas = isObject(spec) ? (spec['replicas'] ?? 0) : undefined;
  if (typeof replicas === 'number' && Number.isInteger(replicas) && Math.abs(replicas) <= maxInt32) return replicas;
  const shown = Array.isArray(replicas) ? 'array' : typeof replicas;
  throw badRequest(
    `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${shown} into Go struct field ScaleSpec.spec.replicas of type int32`,
  );
}
