import type { Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import { kindOf, settled, type StoreCore } from './context.ts';
import { cursorMaker, orderOf } from './cursor.ts';
import type { ListRow } from './list.ts';
import { selectionSql } from './selectors.ts';
import type { Anchor, ListOptions, ListResult, RequestContext } from './types.ts';

/** See Store.listMany: one statement whose shape does not depend on how many lists there are. */
export async function listMany(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  anchors: readonly Anchor[],
  options: Omit<ListOptions, keyof Anchor | 'after'> = {},
): Promise<ListResult<Resource>[]> {
  if (anchors.length === 0) return [];
  const kind = kindOf(core, kindId);
  const values: unknown[] = [context.project, kind.id];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { columns, descending } = orderOf(options.order ?? 'name');
  const shared = ['project = $1', 'kind = $2', ...selectionSql(kind, options, bind)];
  const owners = bind(anchors.map(({ owner }) => owner ?? null));
  const refs = bind(
    anchors.map(({ refersTo: to }) => (to === undefined ? null : `${to.kind}/${to.namespace}/${to.name}`)),
  );
  const namespaces = bind(anchors.map(({ namespace }) => namespace ?? null));
  if (anchors.some(({ owner }) => owner !== undefined)) shared.push("owners @> array[a.owner] and owners <> '{}'");
  if (anchors.some(({ refersTo }) => refersTo !== undefined)) shared.push("refs @> array[a.ref] and refs <> '{}'");
  const { rows } = await core.pool.query<ListRow & { readonly ordinal: string }>(
    `select greatest(m.floor, (select max(revision) from change)) as newest, a.ordinal, r.* from meta m
     cross join unnest(${owners}::uuid[], ${refs}::text[], ${namespaces}::text[]) with ordinality as a (owner, ref, anchor_namespace, ordinal)
     left join lateral (
       select revision, object::text as object, ${columns.join(', ')} from resource
       where ${shared.join(' and ')} and (a.anchor_namespace is null or namespace = a.anchor_namespace)
       order by ${columns.map((column) => column + (descending ? ' desc' : '')).join(', ')}
       ${options.limit === undefined ? '' : `limit ${bind(options.limit + 1)}`}) r on true`,
    values,
  );
  const revision = BigInt(rows[0]?.newest ?? 0);
  const found = anchors.map((): Resource[] => []);
  for (const row of rows) {
    if (row.revision === null) continue;
    const at = { project: context.project, namespace: row.namespace, name: row.name };
    found[Number(row.ordinal) - 1]?.push(decode(kind, row.object, row.revision, core.box, at));
  }
  await settled(core, revision);
  return found.map((all, index) => {
    const hasMore = options.limit !== undefined && all.length > options.limit;
    const items = hasMore ? all.slice(0, options.limit) : all;
    return {
      items,
      revision,
      cursors: items.map(cursorMaker(context, kind, { ...options, ...anchors[index] })),
      hasMore,
    };
  });
}
