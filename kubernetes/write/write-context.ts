import type { RequestContext } from '../../store/types.ts';
import type { Target } from '../http/target.ts';
import { groupVersion } from '../served/served.ts';

/** The context of a write by a field manager. */
export function writeContext({ context, served }: Target, manager: string): RequestContext {
  const { group, version, stored } = served;
  const same = stored === undefined || (stored.group === group && stored.version === version);
  return { ...context, manager, ...(same ? {} : { ownedAs: groupVersion(served) }) };
}

/** Id of the stored kind of a target whose source is the store. */
export function kindId({ served }: Target): string {
  if (served.stored === undefined) throw new Error(`${served.plural} are not stored`);
  return served.stored.id;
}
