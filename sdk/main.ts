/**
 * The public surface of the package, and the only file of it that hands on what others define: what is not named here may
 * change at any time.
 */
export { createClient } from './client/create-client.ts';
export type { Client, ClientCore, Kinds } from './client/create-client.ts';
export { createDatum } from './client/create-datum.ts';
export type { Datum } from './client/create-datum.ts';
export {
  ConflictError,
  ConnectionError,
  DatumError,
  FieldOwnershipError,
  ForbiddenError,
  NotFoundError,
  RequestError,
  UnauthenticatedError,
  ValidationError,
} from './client/errors.ts';
export type { Problem } from './client/errors.ts';
export type { AnyKind, Key, Kind, KindType } from './client/kind.ts';
export type { List, ListOptions, Page } from './client/list.ts';
export type { CallOptions, ClientOptions } from './client/options.ts';
export type { RetryOptions } from './client/backoff.ts';
export type { TokenProvider } from './client/credentials.ts';
export type { Span, Tracer } from './client/tracing.ts';
export type * from './client/resource.types.ts';
export type { Order, PageArguments, Select, Selected, ViewerCan } from './client/selection.types.ts';
export { discoverKind } from './discovery/discover-kind.ts';
export { explainWhy } from './explain/explain-why.ts';
export type { Cause, ObjectName } from './explain/explain.types.ts';
export type { Informer, InformerChange, InformerOptions } from './informer/informer.types.ts';
export { sse } from './transports/sse.ts';
export { webSocket } from './transports/web-socket.ts';
export type { MakeStreamTransport, StreamTransport } from './transports/transport.ts';
export { conditionsOf, hasCondition } from './wait/conditions.ts';
export type { StatusCondition } from './wait/conditions.ts';
export { NotReadyError } from './wait/wait-for.ts';
export type { Condition as WaitCondition, WaitOptions } from './wait/wait.types.ts';
export type { WatchEvent, WatchOptions, WatchStatus } from './watch/watch.types.ts';
export * from './generated/kinds.ts';
export type * from './generated/types.ts';
