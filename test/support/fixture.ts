import type { KindTypes } from '../../kinds/generated/types.ts';
import type { Condition, ObjectMeta, OwnerReference } from '../../kinds/object.ts';
import type { Verdict } from '../../workers/objects/condition.ts';

interface Parts {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: unknown;
  readonly status?: Record<string, unknown>;
  /** `Ready=True`, `Programmed=False NetworkFailedToCreate: no quota`. */
  readonly conditions?: readonly string[];
}

/** An object for tests of pure code: in namespace `default`, with uid `<name>-uid`; only what is given is filled in. */
export function fixture<K extends keyof KindTypes>(
  kind: K,
  name: string,
  { metadata, spec, status, conditions = [] }: Parts = {},
): KindTypes[K] {
  const object = {
    apiVersion: 'test/v1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      uid: `${name}-uid`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: spec ?? {},
    status: { conditions: conditions.map(parseCondition), ...status },
  };
  return object as unknown as KindTypes[K];
}

/** Owner reference to the fixture of this kind and name. */
export function ownedByFixture(kind: string, name: string): OwnerReference {
  return { apiVersion: 'test/v1', kind, name, uid: `${name}-uid`, controller: true, blockOwnerDeletion: true };
}

/** `Ready=False InUse: by web`; the way back of what a fixture's conditions are written in. */
export function textOf({ type, status, reason, message }: Verdict): string {
  return `${type}=${status} ${reason}: ${message}`;
}

function parseCondition(text: string): Condition {
  const [, type = '', status = '', reason = 'Test', message = ''] =
    /^(\w+)=(\w+)(?: (\w+)(?:: (.*))?)?$/.exec(text) ?? [];
  return { type, status: status as Condition['status'], reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}
