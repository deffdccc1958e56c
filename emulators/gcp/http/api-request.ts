import type { OperationFault } from '../faults/rule.ts';
import type { JsonObject } from '../core/json.ts';

/** A request as the handlers see it. */
export interface ApiRequest {
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed body; empty when there was none. */
  readonly body: JsonObject;
  /** What a fault rule wants to happen to the operation that this request starts. */
  readonly operationFault: OperationFault | undefined;
  /** Who calls, by name; undefined without a credential that says so. */
  readonly caller: string | undefined;
  /** Aborts when the client is gone or the emulator closes. */
  readonly signal: AbortSignal;
}

/** The path parameter, which the route's pattern guarantees. */
export function param(request: ApiRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`the route of ${request.path} has no parameter ${name}`);
  return value;
}
