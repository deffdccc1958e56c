/** One finding of a refusal. */
export interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** Details of a Status; `kind` is the plural resource for most refusals, the Kind for Invalid and preconditions. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** The object in which a Kubernetes API answers failure, and some successes. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  /** `continue` with Expired: a token to go on with, inconsistently. */
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  /** Absent in a success. */
  readonly code?: number;
}

/** A refusal in the words of the wire; thrown anywhere in the adapter, written by `http/`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;
  /** Response headers beyond the usual, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
  /** What was found in the body before the refusal; the client is told as with a success. */
  warnings: readonly string[] = [];

  constructor(
    code: number,
    reason: string,
    message: string,
    more: {
      readonly details?: StatusDetails;
      readonly continue?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.headers = more.headers ?? {};
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: more.continue === undefined ? {} : { continue: more.continue },
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(more.details === undefined ? {} : { details: more.details }),
      code,
    };
  }
}
