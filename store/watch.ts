import type { Resource } from '../kinds/object.ts';
import { batches } from './batches.ts';
import { kindOf, type StoreCore } from './context.ts';
import { follow } from './log/watch.ts';
import { page } from './page.ts';
import { referencesOf } from './references.ts';
import { compileSelection } from './selectors.ts';
import type { RequestContext, WatchEvent, WatchOptions } from './types.ts';

const defaultBookmarkEveryMs = 30_000;
/** About how much of the state is in memory at a time. */
const batchBytes = 128 * 1024;

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
    // A few objects at a time: a watcher may be slow, and there may be many.
    for await (const { items, revision } of batches(
      (of) => page(core, context, kindId, of),
      kind,
      batchBytes,
      selection,
    )) {
      for (const item of items) {
        const object = item.object();
        // A page knows less than a selection, such as nothing of owners.
        if (scope.matches(object)) yield { type: 'ADDED', object, revision: BigInt(item.revision) };
      }
      from = revision;
    }
    from ??= 0n;
    yield { type: 'BOOKMARK', revision: from, initialEnd: true };
  }
  yield* follow(core.log, scope, from);
}
