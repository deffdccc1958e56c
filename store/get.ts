import type { Key, Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import { kindOf, settled, type StoreCore } from './context.ts';
import type { RequestContext } from './types.ts';

/** One object, or undefined. */
export async function get(core: StoreCore, context: RequestContext, kindId: string, key: Key): Promise<Resource | undefined> {
  const kind = kindOf(core, kindId);
  const { rows } = await core.pool.query<{ revision: string; object: string }>({
    name: 'get',
    text: 'select revision, object::text as object from resource where project = $1 and kind = $2 and namespace = $3 and name = $4',
    values: [context.project, kind.id, key.namespace, key.name],
  });
  const row = rows[0];
  if (row === undefined) return undefined;
  await settled(core, BigInt(row.revision));
  return decode(kind, row.object, row.revision, core.box);
}

/** Objects by key in one statement; undefined where there is none, in the order of the keys. */
export async function getMany(core: StoreCore, context: RequestContext, kindId: string, keys: readonly Key[]): Promise<(Resource | undefined)[]> {
  if (keys.length === 0) return [];
  const kind = kindOf(core, kindId);
  const { rows } = await core.pool.query<{ ordinal: string; revision: string; object: string }>({
    name: 'get-many',
    text: `select k.ordinal, r.revision, r.object::text as object
           from unnest($3::text[], $4::text[]) with ordinality as k (namespace, name, ordinal)
           join resource r on r.project = $1 and r.kind = $2 and r.namespace = k.namespace and r.name = k.name`,
    values: [context.project, kind.id, keys.map(({ namespace }) => namespace), keys.map(({ name }) => name)],
  });
  const found: (Resource | undefined)[] = Array.from({ length: keys.length }, () => undefined);
  let newest = 0n;
  for (const row of rows) {
    const revision = BigInt(row.revision);
    if (revision > newest) newest = revision;
    found[Number(row.ordinal) - 1] = decode(kind, row.object, row.revision, core.box);
  }
  await settled(core, newest);
  return found;
}
