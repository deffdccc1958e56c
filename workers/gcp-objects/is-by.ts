import type { Change } from '../../store/types.ts';
import { workerContext } from '../objects/worker-context.ts';

/** Whether one of these controllers made the change: one of which it is known what it touches. */
export function isBy(change: Change, ...controllers: readonly string[]): boolean {
  return controllers.some((controller) => workerContext(controller, change).actor === change.actor);
}
