import type { Feed } from '../../store/log/change-log.ts';
import { isStoreError } from '../../store/errors.ts';
import { type Seen, seenBy } from '../../store/log/seen-by.ts';
import type { Page } from '../../store/page.ts';
import type { Revision } from '../../store/types.ts';
import { renderBookmark, renderWatchError } from '../form/watch-event.ts';
import type { Output } from '../http/call.ts';
import { unauthorized } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import { bookmarkEveryMs, type Member, type Scene } from './group.ts';
import { hubOf } from './hub.ts';
import { eventLine } from './lines.ts';
import { createOutlet } from './outlet.ts';

/** What one stream shows, and for how long. */
export interface StreamPlan {
  readonly scene: Scene;
  /** The state to begin with, batch by batch; absent: none. */
  readonly state?: AsyncIterable<Page>;
  /** Whether a bookmark tells where the state ends. */
  readonly marksStateEnd: boolean;
  /** Where the changes begin; with a state its revision. */
  readonly from: Revision;
  readonly wantsBookmarks: boolean;
  readonly timeoutMs: number;
  /** Calls `ended` when who watches may no longer be told anything; the answer takes that back. */
  readonly follow: (ended: () => void) => () => void;
}

/** Before a stream ends by itself it says how far it came, so that the next one goes on from there. */
const lastBookmarkMs = 2000;

/**
 * The life of a stream: the state, what happened since, and then what happens, until the time is up, the client is gone or
 * the server stops. Throws when the client reads too slowly; a history that is forgotten, and a credential that has ended, end
 * it with an ERROR line.
 */
export async function runStream(feed: Feed, plan: StreamPlan, out: Output, signal: AbortSignal): Promise<void> {
  const { scene, wantsBookmarks, timeoutMs } = plan;
  const { form, served } = scene;
  const ending = Promise.withResolvers<void>();
  // Who waits for the end comes late; a failure before that is no unhandled one.
  ending.promise.catch(() => {});
  let isOver = false;
  const over = (): void => {
    isOver = true;
    ending.resolve();
  };
  const fail = (error: unknown): void => {
    isOver = true;
    ending.reject(error);
  };
  const outlet = createOutlet(out, () => fail(new Error('a watch is cut off: its client reads too slowly')));
  const member: Member = {
    since: plan.from,
    hasStarted: false,
    bookmarkDueMs: wantsBookmarks ? performance.now() + bookmarkEveryMs : undefined,
    send: outlet.send,
    end: over,
    fail,
  };
  const timers = [setTimeout(over, timeoutMs)];
  if (wantsBookmarks && timeoutMs > lastBookmarkMs)
    timers.push(setTimeout(() => void (member.bookmarkDueMs = 0), timeoutMs - lastBookmarkMs));
  const unfollow = plan.follow(() => fail(unauthorized()));
  signal.addEventListener('abort', over);
  if (signal.aborted) over();

  async function tell(events: readonly Seen[]): Promise<void> {
    if (events.length === 0) return;
    const lines = events.map((seen, index) => eventLine(form, served, seen, !member.hasStarted && index === 0));
    member.hasStarted = true;
    await outlet.write(lines.join(''));
  }

  async function tellChanges(from: Revision, to: Revision): Promise<void> {
    for await (const changes of feed.replay(from, to, scene.sight)) {
      if (isOver) return;
      await tell(changes.map((change) => seenBy(scene.sight, change)).filter((seen) => seen !== undefined));
    }
  }

  async function tellState(state: AsyncIterable<Page>): Promise<void> {
    for await (const { items } of state) {
      if (isOver) return;
      await tell(items.map((stored) => ({ type: 'ADDED', stored })));
    }
    if (!plan.marksStateEnd) return;
    const options = { initialEnd: true, first: !member.hasStarted };
    member.hasStarted = true;
    await outlet.write(renderBookmark(form, served, String(plan.from), options));
  }

  let leave: (() => void) | undefined;
  try {
    if (plan.state !== undefined) await tellState(plan.state);
    // A long past is told before the stream joins the others, since what happens meanwhile has to be kept for it.
    const reached = feed.position();
    await tellChanges(plan.from, reached);
    if (isOver) return await ending.promise;
    const membership = hubOf(feed).join(scene, member);
    leave = membership.leave;
    await tellChanges(reached > plan.from ? reached : plan.from, membership.position);
    outlet.release();
    await ending.promise;
  } catch (error) {
    const status = told(error, plan.from);
    if (status === undefined) throw error;
    await outlet.write(renderWatchError(status));
  } finally {
    leave?.();
    unfollow();
    outlet.close();
    timers.forEach((timer) => clearTimeout(timer));
    signal.removeEventListener('abort', over);
  }
}

/** What the client is told of an end: that the history no longer reaches its revision, or that nobody knows it any more. */
function told(error: unknown, from: Revision): ApiError['status'] | undefined {
  if (error instanceof ApiError) return [401, 410].includes(error.status.code ?? 0) ? error.status : undefined;
  if (!isStoreError(error, 'Expired')) return undefined;
  return new ApiError(410, 'Expired', `too old resource version: ${from} (${error.object.revision})`).status;
}
