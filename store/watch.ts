import type { Resource } from '../kinds/object.ts';
import { kindOf, type StoreCore } from './context.ts';
import { list } from './list.ts';
import { follow } from './log/watch.ts';
import { referencesOf } from './references.ts';
import { compileSelection } from './selectors.ts';
import type { RequestContext, WatchEvent, WatchOptions } from './types.ts';

const defaultBookmarkEveryMs = 30_000;

/** See Store.watch. */
export async function* watch(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  options: WatchOptions = {},
): AsyncIterable<WatchEvent<Resource>> {
  const kind = kindOf(core, kindId);
  const scope = {
    project: context.project,
    kind: kind.id,
    namespace: options.namespace,
    namespaces: options.namespaces && new Set(options.namespaces),
    matches: compileSelection(kind, options, (object) => referencesOf(kind, object)),
    bookmarkEveryMs: options.bookmarkEveryMs ?? defaultBookmarkEveryMs,
    signal: options.signal,
  };
  let from = options.from;
  if (from === undefined) {
    const { from: _, signal: __, bookmarkEveryMs: ___, ...selection } = options;
    const initial = await list(core, context, kindId, selection);
    for (const object of initial.items)
      yield { type: 'ADDED', object, revision: BigInt(object.metadata.resourceVersion) };
    yield { type: 'BOOKMARK', revision: initial.revision, initialEnd: true };
    from = initial.revision;
  }
  yield* follow(core.log, scope, from);
}
