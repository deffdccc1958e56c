import { whileValid } from '../../access/sessions/while-valid.ts';
import type { Page } from '../../store/page.ts';
import { compileSelection } from '../../store/selectors.ts';
import type { Revision } from '../../store/types.ts';
import { formOf } from '../form/negotiate.ts';
import { contentType, type Form } from '../form/form.ts';
import type { Gate } from '../http/authorised.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { isTrue } from '../http/verb.ts';
import { startReading } from '../read/batches.ts';
import { watchOptions, wholeNumber } from '../read/list-options.ts';
import { futureRevision } from '../read/revision.ts';
import { isSelective, type ObjectSelection, selectionOf } from '../read/selection.ts';
import { groupVersion } from '../served/served.ts';
import { fromStore } from '../status/from-store.ts';
import type { Scene } from './group.ts';
import { runStream, type StreamPlan } from './stream.ts';
import { whileAllowed } from './while-allowed.ts';

const leastDefaultMs = 30 * 60_000;
const mostMs = 24 * 3_600_000;

/** GET of a collection with `watch`: a stream of its changes, after the state where no revision is given. */
export async function watchObjects(
  call: Call,
  target: Target,
  { authority }: Pick<Gate, 'authority'>,
): Promise<Answer> {
  const { store, served, namespace, wanted } = target;
  const { query } = call;
  const form = formOf(call, served, { stream: true });
  const options = watchOptions(query);
  const seconds = wholeNumber(query, 'timeoutSeconds') ?? 0;
  const selection = selectionOf(query, target);
  const wantsBookmarks = isTrue(query.get('allowWatchBookmarks'));
  const { revision, sendInitialEvents = revision === undefined } = options;
  try {
    const common = {
      follow: (ended: () => void) => whileValid(call.identity, ended),
      scene: sceneOf(target, selection, form),
      marksStateEnd: options.sendInitialEvents === true && wantsBookmarks,
      wantsBookmarks,
      // Spread out, so that the clients of a server that has just started do not all come back at once.
      timeoutMs: seconds > 0 ? Math.min(mostMs, seconds * 1000) : leastDefaultMs * (1 + Math.random()),
    };
    const plan: StreamPlan = sendInitialEvents
      ? { ...common, ...(await stateOf(target, selection, revision)) }
      : { ...common, from: await startOf(target, revision) };
    return {
      status: 200,
      type: contentType(form),
      body: whileAllowed(authority, call.identity, wanted, call.signal(), (out, signal) =>
        runStream(store.feed, plan, out, signal),
      ),
    };
  } catch (error) {
    throw fromStore(error, { served, namespace, name: '', verb: 'read' });
  }
}

function sceneOf({ served, context, namespace }: Target, selection: ObjectSelection, form: Form): Scene {
  const kind = served.stored;
  if (kind === undefined) throw new Error(`${served.plural} are not stored`);
  const { labelSelector, fieldSelector } = selection;
  const parts = [
    context.project,
    groupVersion(served),
    served.plural,
    namespace,
    labelSelector,
    fieldSelector,
    form.key,
  ];
  return {
    key: JSON.stringify(parts),
    sight: {
      project: context.project,
      kind: kind.id,
      namespace: namespace === '' ? undefined : namespace,
      matches: isSelective(selection) ? compileSelection(kind, selection, () => []) : undefined,
    },
    form,
    served,
  };
}

/** The state as it is now, at least as new as `revision`. Throws 504 where the store has not come that far. */
async function stateOf(
  target: Target,
  selection: ObjectSelection,
  revision: Revision | undefined,
): Promise<Pick<StreamPlan, 'state' | 'from'>> {
  const { first, rest } = await startReading(target, selection);
  if (revision !== undefined && revision > first.newest) throw futureRevision(revision, first.newest);
  async function* state(): AsyncGenerator<Page> {
    yield first;
    yield* rest;
  }
  return { state: state(), from: first.revision };
}

/** The revision after which changes are shown. Throws 504 where the store has not come that far. */
async function startOf({ store }: Target, revision: Revision | undefined): Promise<Revision> {
  if (revision !== undefined && revision <= store.feed.position()) return revision;
  const newest = await store.revision();
  if (revision !== undefined && revision > newest) throw futureRevision(revision, newest);
  return revision ?? newest;
}
