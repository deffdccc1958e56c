import type { Key, Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import { kindOf, settled, type StoreCore } from './context.ts';
import { stored, type Stored } from './stored.ts';
import type { Place, RequestContext } from './types.ts';

/** One object, or undefined. */
export async function get(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  key: Key,
): Promise<Resource | undefined> {
  return (await getStored(core, context, kindId, key))?.object();
}

/** See Store.getStored. */
export async function getStored(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  key: Key,
): Promise<Stored | undefined> {
  const kind = kindOf(core, kindId);
  const row = await core.read([context.project, kind.id, key.namespace, key.name]);
  if (row === undefined) return undefined;
  await settled(core, BigInt(row.revision));
  return stored(kind, row.object, row.revision, core.box, {
    project: context.project,
    namespace: key.namespace,
    name: key.name,
  });
}

/** Objects of one kind by key in one statement; undefined where there is none, in the order of the keys. */
export async function getMany(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  keys: readonly Key[],
): Promise<(Resource | undefined)[]> {
  return getPlaces(
    core,
    context,
    keys.map(({ namespace, name }) => ({ kind: kindId, namespace, name })),
  );
}

/** Objects of any kinds in one statement; undefined where there is none, in the order of the places. */
export async function getPlaces(
  core: StoreCore,
  context: RequestContext,
  places: readonly Place[],
): Promise<(Resource | undefined)[]> {
  if (places.length === 0) return [];
  const kinds = places.map(({ kind }) => kindOf(core, kind));
  const { rows } = await core.pool.query<{ ordinal: string; revision: string; object: string }>({
    name: 'get-places',
    text: `select p.ordinal, r.revision, r.object::text as object
           from unnest($2::text[], $3::text[], $4::text[]) with ordinality as p (kind, namespace, name, ordinal)
           join resource r on r.project = $1 and r.kind = p.kind and r.namespace = p.namespace and r.name = p.name`,
    values: [
      context.project,
      kinds.map(({ id }) => id),
      places.map(({ namespace }) => namespace),
      places.map(({ name }) => name),
    ],
  });
  const found: (Resource | undefined)[] = Array.from({ length: places.length }, () => undefined);
  let newest = 0n;
  for (const row of rows) {
    const revision = BigInt(row.revision);
    if (revision > newest) newest = revision;
    const index = Number(row.ordinal) - 1;
    const kind = kinds[index];
    const place = places[index];
    if (kind === undefined || place === undefined) continue;
    const at = { project: context.project, namespace: place.namespace, name: place.name };
    found[index] = decode(kind, row.object, row.revision, core.box, at);
  }
  await settled(core, newest);
  return found;
}
