import type { JsonObject } from '../core/json.ts';
import { mergePatch, stringAt } from '../core/json.ts';
import type { LatencyRange, Mutation, Target } from './resource-type.ts';
import { COMMON_OUTPUT, refuseImmutable, requireFingerprint } from './rules.ts';

/** How a type lets its resources be changed by PATCH (merges) and PUT (replaces all that a caller may write). */
export interface Changes {
  readonly message: string;
  readonly writable: readonly string[];
  readonly mutable: readonly string[];
  readonly latencyMs: LatencyRange;
  /** What the resource is called in the error about a stale fingerprint; absent where none is asked for. */
  readonly fingerprintOf?: string;
  readonly nameParameter?: string;
  /** Fields that only the server writes and that a PUT keeps. */
  readonly kept?: readonly string[];
  /** References as full URLs, as the stored resource has them. */
  normalize(target: Target, sent: JsonObject): JsonObject;
  /** With the server's defaults, and valid. */
  complete(target: Target, body: JsonObject): JsonObject;
}

export function patchOf(changes: Changes): Mutation {
  return change(changes, 'PATCH', 'patch', (before, sent) => mergePatch(before, sent));
}

export function updateOf(changes: Changes): Mutation {
  const { mutable, writable, kept = [] } = changes;
  const stays = [...COMMON_OUTPUT, 'zone', 'region', ...kept, ...writable.filter((field) => !mutable.includes(field))];
  return change(changes, 'PUT', 'update', (before, sent) => {
    const fixed = Object.entries(before).filter(([field]) => stays.includes(field));
    return { ...Object.fromEntries(fixed), ...sent };
  });
}

function change(
  { message, writable, mutable, latencyMs, fingerprintOf, nameParameter, normalize, complete }: Changes,
  httpMethod: 'PATCH' | 'PUT',
  operationType: string,
  combine: (before: JsonObject, sent: JsonObject) => JsonObject,
): Mutation {
  return {
    httpMethod,
    operationType,
    latencyMs,
    request: { message, writable: fingerprintOf === undefined ? writable : [...writable, 'fingerprint'] },
    ...(nameParameter === undefined ? {} : { nameParameter }),
    apply(target, row, { fingerprint, ...body }) {
      if (fingerprintOf !== undefined) {
        const current = stringAt(row.body, 'fingerprint') ?? '';
        requireFingerprint(fingerprint, current, 'resource.fingerprint', fingerprintOf);
      }
      const sent = normalize(target, body);
      refuseImmutable(row.body, sent, mutable);
      return complete(target, combine(row.body, sent));
    },
  };
}
