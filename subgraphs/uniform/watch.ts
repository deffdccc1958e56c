import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { WatchEvent } from '../../store/types.ts';
import { abortable } from './abortable.ts';
import type { SubgraphContext } from './context.ts';
import { selectors, type FilterArgument } from './page.ts';
import { readToken, type Resumption, tokenMaker, type WatchScope } from './resume-token.ts';

interface WatchArguments {
  readonly namespace?: string | null;
  readonly filter?: FilterArgument | null;
  readonly from?: string | null;
}

interface Plan {
  readonly names: { readonly one: string; readonly watch: string };
  readonly start: Resumption | undefined;
  readonly signal: AbortSignal;
}

/** Root subscription field of one kind. */
export function watchResolvers(
  kind: Kind,
): Record<string, { subscribe: (source: unknown, args: never, context: SubgraphContext) => AsyncIterable<object> }> {
  const names = apiNames(kind);
  return {
    [names.watch]: {
      subscribe(_: unknown, { namespace, filter, from }: WatchArguments, context: SubgraphContext) {
        const scope: WatchScope = { kind: kind.id, ...(namespace ? { namespace } : {}), ...selectors(filter) };
        const sight = context.guard.requireSight(kind, 'watch', scope);
        const start = from ? readToken(context.request, scope, sight, from) : undefined;
        return abortable((signal) => events(context, kind, scope, { names, start, signal }));
      },
    },
  };
}

/**
 * Events as the API has them. Tokens are null until the initial state is complete: a start that breaks off begins again. A
 * history that no longer reaches back, or that is not all that the caller may see now, starts over on the same stream, with
 * RESYNC before the fresh state.
 */
async function* events(
  context: SubgraphContext,
  kind: Kind,
  scope: WatchScope,
  { names, start, signal }: Plan,
): AsyncGenerator<object, void> {
  const { kind: _, ...selection } = scope;
  const send = (type: string, resumeToken: string | null, object: Resource | null): object => {
    context.refresh();
    return { [names.watch]: { type, resumeToken, [names.one]: object } };
  };
  if (start?.seesSame === false) yield send('RESYNC', null, null);
  for (let from = start?.seesSame === true ? start.revision : undefined; ; from = undefined) {
    let initial = from === undefined;
    try {
      const token = tokenMaker(context.request, scope, context.guard.requireSight(kind, 'watch', scope));
      const source: AsyncIterable<WatchEvent<Resource>> = context.store.watch(context.request, kind.id, {
        ...selection,
        signal,
        ...(from === undefined ? {} : { from }),
      });
      for await (const event of source) {
        if (event.type === 'BOOKMARK') initial = false;
        const resumeToken = initial ? null : token(event.revision);
        yield send(event.type, resumeToken, event.type === 'BOOKMARK' ? null : event.object);
      }
      return;
    } catch (error) {
      if (!isStoreError(error, 'Expired') || signal.aborted) throw error;
    }
    yield send('RESYNC', null, null);
  }
}
