import type { Condition, Resource } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { controllerOf } from '../objects/worker-context.ts';
import { notable, rescaled, type Scaling, type State } from './notable.ts';
import { type About, aboutObject, aboutOwner, type Occurrence, type RecordOccurrence } from './occurrence.ts';

/** Controllers that tidy up after others; what they delete is no news to anybody. */
const silent: readonly string[] = ['garbage-collector', 'namespace'];

/**
 * The store as reconcilers get it: each write of status whose conditions are worth an event, and each object that a
 * controller makes or deletes for its owner, is recorded once it is written. All else is as in `store`.
 */
export function recordingStore(store: Store, record: RecordOccurrence): Store {
  const note = (
    context: RequestContext,
    about: About | undefined,
    what: Pick<Occurrence, 'type' | 'reason' | 'message'>,
  ): void => {
    const reporter = controllerOf(context);
    if (about !== undefined && reporter !== undefined) record({ project: context.project, reporter, about, ...what });
  };
  const noteChild = (context: RequestContext, child: Resource, reason: 'Created' | 'Deleted'): void => {
    if (silent.includes(controllerOf(context) ?? '')) return;
    note(context, aboutOwner(child), {
      type: 'Normal',
      reason,
      message: `${reason} ${child.kind} ${child.metadata.name}`,
    });
  };
  return {
    ...store,
    async create(context, kind, object, options) {
      const result = await store.create(context, kind, object, options);
      if (result.changed && options?.dryRun !== true) noteChild(context, result.object as Resource, 'Created');
      return result;
    },
    async update(context, kind, key, change, options) {
      if (options?.subresource !== 'status' || options.dryRun === true)
        return store.update(context, kind, key, change, options);
      let before: readonly State[] = [];
      let scaling: Scaling | undefined;
      const watched: typeof change = (current) => {
        // A copy: `change` may alter what it gets.
        before = conditionsOf(current as Resource).map(({ type, status, reason }) => ({ type, status, reason }));
        scaling = scalingOf(current as Resource);
        return change(current);
      };
      const result = await store.update(context, kind, key, watched, options);
      if (result.changed) {
        const object = result.object as Resource;
        const told = [...notable(before, conditionsOf(object)), ...rescaled(scaling, scalingOf(object))];
        for (const what of told) note(context, aboutObject(object), what);
      }
      return result;
    },
    async delete(context, kind, key, options) {
      const result = await store.delete(context, kind, key, options);
      if (options?.dryRun !== true) noteChild(context, result.object as Resource, 'Deleted');
      return result;
    },
  };
}

function conditionsOf({ status }: Resource): readonly Condition[] {
  return (status as { conditions?: readonly Condition[] } | undefined)?.conditions ?? [];
}

/** A copy, since `change` may alter what it gets. */
function scalingOf({ status }: Resource): Scaling | undefined {
  const { autoscaling } = (status ?? {}) as { readonly autoscaling?: Scaling };
  return autoscaling && { ...autoscaling };
}
