import type { Change, RequestContext } from '../../store/types.ts';

const prefix = 'system:worker:';

/** Who a controller is to the store. */
export function workerContext(controller: string, { project }: { readonly project: string }): RequestContext {
  const name = `${prefix}${controller}`;
  return { project, actor: name, manager: name };
}

/** Whether a controller made the change: such a one touched status or metadata, never what a user asks for. */
export function isByController({ actor }: Change): boolean {
  return actor.startsWith(prefix);
}
