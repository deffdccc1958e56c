import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../../kinds/object.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderBookmark, renderWatchEvent } from '../form/watch-event.ts';
import type { Gate } from '../http/authorised.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { isTrue } from '../http/verb.ts';
import { watchOptions, wholeNumber } from '../read/list-options.ts';
import { whileAllowed } from '../watch/while-allowed.ts';

const bookmarkEveryMs = 60_000;
const defaultSecs = 45 * 60;
const mostSecs = 24 * 60 * 60;

/** A stream of these definitions, then of bookmarks only, as clients must see that they are not behind. */
export async function watchDefinitions(
  call: Call,
  { served, store, wanted }: Target,
  { authority }: Pick<Gate, 'authority'>,
  selected: readonly Resource[],
): Promise<Answer> {
  const form = formOf(call, served, { stream: true });
  const { revision, sendInitialEvents } = watchOptions(call.query);
  const wantsBookmarks = isTrue(call.query.get('allowWatchBookmarks'));
  const asked = wholeNumber(call.query, 'timeoutSeconds') ?? 0;
  const lastsMs = Math.min(asked > 0 ? asked : defaultSecs, mostSecs) * 1000;
  const initial = (sendInitialEvents ?? revision === undefined) ? selected : [];
  return {
    status: 200,
    type: contentType(form),
    body: whileAllowed(authority, call.identity, wanted, call.signal(), async (out, signal) => {
      const end = AbortSignal.any([signal, AbortSignal.timeout(lastsMs)]);
      let first = true;
      for (const definition of initial) {
        out.write(renderWatchEvent(form, served, 'ADDED', definition, first));
        first = false;
      }
      const bookmark = async (initialEnd: boolean): Promise<void> => {
        out.write(renderBookmark(form, served, String(await store.revision()), { initialEnd, first }));
        first = false;
      };
      if (wantsBookmarks && sendInitialEvents === true) await bookmark(true);
      while (!end.aborted) {
        await out.drained();
        await sleep(bookmarkEveryMs, undefined, { signal: end, ref: false }).catch(() => undefined);
        if (wantsBookmarks && !signal.aborted) await bookmark(false);
      }
    }),
  };
}
