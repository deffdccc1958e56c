import type { Resource } from '../kinds/object.ts';
import { batches, type ReadPage } from './batches.ts';
import { kindOf, type StoreCore } from './context.ts';
import { follow } from './log/watch.ts';
import { page } from './page.ts';
import { referencesOf } from './references.ts';
import { compileSelection } from './selectors.ts';
import type { InTurn, RequestContext, WatchEvent, WatchOptions } from './types.ts';

const defaultBookmarkEveryMs = 30_000;
/** About how much of the state is in memory at a time. */
const batchBytes = 128 * 1024;

const atOnce: InTurn = (work) => work();

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
    const { inTurn = atOnce } = context;
    const read: ReadPage = (of) => inTurn(() => page(core, context, kindId, of));
    for await (const { items, revision } of batches(read, kind, batchBytes, selection)) {
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
