import { maxPageSize } from '../../kinds/generator/graphql-api/page.ts';
import type { Resource } from '../../kinds/object.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { badInput } from '../uniform/errors.ts';
import { decodeId } from '../uniform/object-id.ts';

/** Root fields that find objects of any kind by their global id. */
export const nodeResolvers = {
  node: (_: unknown, { id }: { readonly id: string }, context: SubgraphContext): Promise<Resource | null> =>
    load(context, id),
  nodes(
    _: unknown,
    { ids }: { readonly ids: readonly string[] },
    context: SubgraphContext,
  ): Promise<(Resource | null)[]> {
    if (ids.length > maxPageSize) throw badInput(`at most ${maxPageSize} ids`, 'ids');
    return Promise.all(ids.map((id) => load(context, id)));
  },
};

async function load({ loaders, registry, request }: SubgraphContext, id: string): Promise<Resource | null> {
  const place = decodeId(id);
  if (place === undefined || place.project !== request.project || registry.byId(place.kind) === undefined) return null;
  return (await loaders.object(place.kind, place)) ?? null;
}
