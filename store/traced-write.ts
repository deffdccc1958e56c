import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { continueTrace, currentSpan, failureName, isTracing, type Span } from '../telemetry/tracing/span.ts';
import { withTrace } from './log/trace-in-origin.ts';
import type { RequestContext } from './types.ts';

/** Begins the span of a write; undefined where the request is not traced. */
export function beginWrite(
  context: RequestContext,
  verb: 'create' | 'update' | 'remove',
  kind: Kind,
  { metadata }: Resource,
): Span | undefined {
  if (!isTracing()) return undefined;
  return continueTrace(`store ${verb} ${kind.id}`, {
    kind: 'producer',
    parent: context.trace ?? currentSpan()?.traceparent,
    attributes: {
      'datum.project': context.project,
      'datum.namespace': metadata.namespace ?? '',
      'datum.name': metadata.name,
      'datum.actor': context.actor,
    },
  });
}

/** Origin of a change, as its row keeps it. */
export function originText({ origin }: RequestContext, span: Span | undefined): string | null {
  const text = origin?.() ?? null;
  return span === undefined ? text : withTrace(text, span.traceparent);
}

/** What a write answers, and the end of its span. */
export async function endWith(span: Span, writing: Promise<bigint>): Promise<bigint> {
  try {
    const revision = await writing;
    span.end({ 'datum.revision': String(revision) }, revision > 0n ? undefined : 'refused');
    return revision;
  } catch (error) {
    span.end({}, failureName(error));
    throw error;
  }
}
