import type { IncomingMessage } from 'node:http';
import type { Caller } from '../access/identity.ts';
import { enterTrace, type Span } from '../telemetry/tracing/span.ts';

/** What a client says of an operation besides the operation itself. */
interface Said {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Begins the span of an operation on a connection, which is handed to its caller. The client says `traceparent` in the
 * extensions of the operation, in the parameters of the connection, or in its headers: the nearest counts.
 */
export function traceOperation(
  args: { contextValue?: unknown },
  { extensions }: Said,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
  { headers }: IncomingMessage,
): Span | undefined {
  const context = args.contextValue as { caller: Caller };
  const said = extensions?.['traceparent'] ?? connectionParams?.['traceparent'] ?? headers['traceparent'];
  const span = enterTrace('graphql operation', {
    kind: 'server',
    parent: typeof said === 'string' ? said : undefined,
    attributes: { 'network.protocol.name': 'websocket', 'datum.request_id': context.caller.requestId },
  });
  if (span !== undefined) context.caller = { ...context.caller, trace: span.traceparent };
  return span;
}
