import type { StatusCondition } from '../wait/conditions.ts';

/** Which object. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Why an object is not as it should be: what it says itself, and the objects that hold it back. */
export interface Cause {
  readonly object: ObjectName;
  /** `missing`: it does not exist, though it is named. */
  readonly state: 'notReady' | 'deleting' | 'missing' | 'ready';
  /** Conditions that do not hold, of the object as it is now. */
  readonly conditions: readonly StatusCondition[];
  /** Since when: the oldest of these conditions, or the deletion. RFC 3339. */
  readonly since?: string;
  /** What to do about it, where nothing else is to blame. */
  readonly advice?: string;
  /** The last warning about the object, where nothing else is to blame. */
  readonly warning?: { readonly reason: string; readonly message: string; readonly at?: string };
  readonly causes: readonly Cause[];
  /** Objects with the same reason as one of the causes, which were not looked into. */
  readonly others: number;
}
