import type { Problem } from '../kinds/problem.ts';

/**
 * Everything the store refuses, free of any transport. A door maps the code at its outermost edge; an error that is not
 * a StoreError is a fault of ours and is masked there.
 */
export type StoreErrorCode =
  | 'NotFound'
  | 'AlreadyExists'
  /** Another write came first, or a precondition on uid or revision does not hold. */
  | 'Conflict'
  /** Fields that an apply would change are owned by others; `conflicts` says which. */
  | 'ApplyConflict'
  /** The object breaks rules; `problems` says which. */
  | 'Invalid'
  | 'Forbidden'
  /** A limit of the project or of its namespace would be exceeded; `limits` says which, and by what. */
  | 'QuotaExceeded'
  /** Nothing may be created inside a namespace that is being deleted. */
  | 'NamespaceTerminating'
  /** The request itself is malformed, not the object: a bad selector or cursor. */
  | 'BadRequest'
  | 'TooLarge'
  /** The revision or cursor is older than the history that is kept. */
  | 'Expired'
  /** The resume token or cursor belongs to another list, watch or project. */
  | 'InvalidToken'
  /** The same idempotency key came with another input. */
  | 'IdempotencyMismatch'
  /** Postgres cannot be reached; the same call may succeed later. */
  | 'Unavailable';

/** A field that an apply would change and that another manager owns. */
export interface FieldConflict {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  /** `.spec.template.spec.runtime.sandbox.containers[name="a"].image` */
  readonly path: string;
}

/** A limit that would be exceeded; amounts are quantities. */
export interface ExceededLimit {
  /** Name of the ResourceQuota, or `project` and the name of the project. */
  readonly quota: string;
  /** As the quota names it: `secrets`, `cpu`. */
  readonly resource: string;
  readonly requested: string;
  readonly used: string;
  readonly limit: string;
}

/** Refusal by the store. `message` is for users; `cause` is for the log. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly problems: readonly Problem[];
  /** Fields that the schema does not know, where that is why the write is refused. */
  readonly unknown: readonly string[];
  readonly conflicts: readonly FieldConflict[];
  readonly limits: readonly ExceededLimit[];
  /** Kind id, name and current revision of the object concerned, as far as they are known. */
  readonly object: { readonly kind?: string; readonly name?: string; readonly revision?: string };

  constructor(
    code: StoreErrorCode,
    message: string,
    more: {
      problems?: readonly Problem[];
      unknown?: readonly string[];
      conflicts?: readonly FieldConflict[];
      limits?: readonly ExceededLimit[];
      object?: StoreError['object'];
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.problems = more.problems ?? [];
    this.unknown = more.unknown ?? [];
    this.conflicts = more.conflicts ?? [];
    this.limits = more.limits ?? [];
    this.object = more.object ?? {};
  }
}

/** Whether an error is a refusal of the store, of one code if that is given. */
export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return error instanceof StoreError && (code === undefined || error.code === code);
}
