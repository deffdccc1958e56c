/** What can be done about an error; see retry.ts for how long each waits. */
export type FaultClass =
  /** The same call may succeed at once: lost answers, 5xx, a resource that is being changed. */
  | 'transient'
  /** Too many calls; nothing of the kind may be sent until the bucket is full again. */
  | 'throttle'
  /** Another object is in the way or not there yet. */
  | 'dependency'
  | 'quota'
  /** The cloud has no machine or address left. */
  | 'stockout'
  | 'permission'
  /** The project is not set up: API off, billing off. */
  | 'configuration'
  | 'notFound'
  | 'alreadyExists'
  /** Someone else changed the object: read it again. */
  | 'conflict'
  /** The request itself is wrong; it stays wrong until the spec changes. */
  | 'spec'
  /** What was made a moment ago is not visible everywhere yet. */
  | 'propagation';

/** What went wrong, free of anything secret: Google's code and text. */
export interface Fault {
  /** Google's most specific code, such as `rateLimitExceeded` or `ZONE_RESOURCE_POOL_EXHAUSTED`. */
  readonly code: string;
  readonly class: FaultClass;
  readonly message: string;
}

/** An object differs in what only a new one could have. */
export const mustReplace: Fault = {
  code: 'ReplacementRequired',
  class: 'spec',
  message: 'the object differs in what cannot be changed in place',
};

/** A machine is on its way to another state, in which it can be stopped. */
export const notStopped: Fault = {
  code: 'machineIsMoving',
  class: 'transient',
  message: 'the machine is on its way to another state; it is stopped for the change after that',
};

/** Code of a call that was not sent since our own limit was reached. */
export const ownLimit = 'rateLimited';

/** A call that failed. It carries no request and no answer, so that it can be logged. */
export class GcpError extends Error {
  override readonly name = 'GcpError';
  readonly fault: Fault;
  /** HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  /** Not before so many milliseconds, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(fault: Fault, more: { status?: number | undefined; retryAfterMs?: number | undefined } = {}) {
    super(`${fault.code}: ${fault.message}`);
    this.fault = fault;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Whether an error came from the cloud, of one class if that is given. */
export function isGcpError(error: unknown, ofClass?: FaultClass): error is GcpError {
  return error instanceof GcpError && (ofClass === undefined || error.fault.class === ofClass);
}
