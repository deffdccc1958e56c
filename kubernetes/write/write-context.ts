import type { RequestContext } from '../../store/types.ts';
import type { Target } from '../http/target.ts';

/** The context of a write by a field manager. */
export function writeContext({ context }: Target, manager: string): RequestContext {
  return { ...context, manager };
}

/** Id of the stored kind of a target whose source is the store. */
export function kindId({ served }: Target): string {
  if (served.stored === undefined) throw new Error(`${served.plural} are not stored`);
  return served.stored.id;
}
