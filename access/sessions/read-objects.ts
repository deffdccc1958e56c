import type { Resource } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import type { GroundObject } from './ground.ts';

/** As whom credentials are looked after. */
const actor = 'system:authenticator';

/** The objects that credentials rest on, in order, read project by project. */
export async function readObjects(
  store: Pick<Store, 'getPlaces'>,
  objects: readonly GroundObject[],
): Promise<(Resource | undefined)[]> {
  const found: (Resource | undefined)[] = objects.map(() => undefined);
  const byProject = Map.groupBy(objects.entries(), ([, { project }]) => project);
  await Promise.all(
    [...byProject].map(async ([project, entries]) => {
      const context: RequestContext = { project, actor, manager: actor };
      const read = await store.getPlaces(
        context,
        entries.map(([, { place }]) => place),
      );
      for (const [position, [index]] of entries.entries()) found[index] = read[position];
    }),
  );
  return found;
}
