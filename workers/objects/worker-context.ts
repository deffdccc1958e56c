import type { Change, RequestContext } from '../../store/types.ts';

const prefix = 'system:worker:';

/** Who a controller is to the store. */
export function workerContext(controller: string, { project }: { readonly project: string }): RequestContext {
  const name = actorOf(controller);
  return { project, actor: name, manager: name };
}

/**
 * Which changes of its own kind concern a controller whose reconcile leaves nothing to do: not those it made itself, but
 * for deletions it asked for, and not the end of an object.
 */
export function madeByOthers(controller: string): (change: Change) => boolean {
  const self = actorOf(controller);
  return ({ type, actor, object }) =>
    type !== 'DELETED' && (actor !== self || object.metadata.deletionTimestamp !== undefined);
}

/** Which changes of a kind that users write concern its controller: theirs, and deletions whoever asked for them. */
export function madeByUsers(change: Change): boolean {
  if (change.type === 'DELETED') return false;
  return !isByController(change) || change.object.metadata.deletionTimestamp !== undefined;
}

/** Whether a controller made the change: such a one touched status or metadata, never what a user asks for. */
export function isByController({ actor }: Change): boolean {
  return actor.startsWith(prefix);
}

/** Name of the controller that acts; undefined for anybody else. */
export function controllerOf({ actor }: Pick<RequestContext, 'actor'>): string | undefined {
  return actor.startsWith(prefix) ? actor.slice(prefix.length) : undefined;
}

function actorOf(controller: string): string {
  return `${prefix}${controller}`;
}
