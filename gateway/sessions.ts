import { randomUUID } from 'node:crypto';
import { isTracing } from '../telemetry/tracing/span.ts';
import type { Caller, Identity, Origin } from '../access/identity.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';

const callers = new WeakMap<Request, Caller>();
const requestIds = new WeakMap<Request, string>();

/** Id that finds a request in logs: the caller's own `x-request-id`, where that is harmless, or a new one. */
export function requestIdOf(request: Request): string {
  let id = requestIds.get(request);
  if (id === undefined) {
    const given = request.headers.get('x-request-id');
    id = given !== null && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
    requestIds.set(request, id);
  }
  return id;
}

/** Remembers who sent a request. */
export function admitCaller(request: Request, identity: Identity, limits: RequestLimits, origin?: Origin): void {
  callers.set(request, {
    identity,
    requestId: requestIdOf(request),
    watchTurns: limits.watchTurns(identity),
    // Set by the server when it began the span of the request.
    trace: isTracing() ? (request.headers.get('traceparent') ?? undefined) : undefined,
    ...(origin === undefined ? {} : { origin }),
  });
}

/** Who sent a request; undefined for one that was not admitted. */
export function callerOf(request: Request): Caller | undefined {
  return callers.get(request);
}

/** A caller for one operation on a connection that was admitted as a whole. */
export function callerOnConnection(identity: Identity, limits: RequestLimits, origin: Origin): Caller {
  return { identity, requestId: randomUUID(), watchTurns: limits.watchTurns(identity), origin };
}
