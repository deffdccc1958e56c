import type { Kind } from '../kinds/kind.ts';
import type { Key } from '../kinds/object.ts';
import { kindOf, settled, type StoreCore } from './context.ts';
import { forgotten } from './log/forgotten.ts';
import { type Bind, selectionSql } from './selectors.ts';
import { stored, type Stored } from './stored.ts';
import type { RequestContext, Revision, Selection } from './types.ts';

export interface PageOptions extends Pick<
  Selection,
  'namespace' | 'namespaces' | 'names' | 'labelSelector' | 'fieldSelector' | 'text'
> {
  /** The objects as they were at this revision; absent: as they are. */
  readonly at?: Revision;
  /** Only what comes after this key in the order of namespace and name. */
  readonly after?: Key;
  /** At most this many. */
  readonly limit: number;
  /** Whether to count what comes after the page. */
  readonly count?: boolean;
}

export interface Page {
  readonly items: readonly Stored[];
  /** Key of the last item. */
  readonly last?: Key;
  readonly hasMore: boolean;
  /** How many come after the page, where that was asked for. */
  readonly remaining?: number;
  /** The revision that the page shows. */
  readonly revision: Revision;
  /** Revision of the store in the same snapshot; when `revision` is greater, it lies in the future. */
  readonly newest: Revision;
}

interface Row {
  newest: string;
  floor: string;
  moved: boolean;
  total: string | null;
  revision: string | null;
  namespace: string;
  name: string;
  /** Null where the log has forgotten it. */
  object: string | null;
}

/** See Store.page. Nothing is held between two pages: what changed since is taken back by means of the change log. */
export async function page(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  options: PageOptions,
): Promise<Page> {
  const kind = kindOf(core, kindId);
  const { limit, at } = options;
  let rows = await select(core, context, kind, options, 'now');
  if (rows[0]?.moved) rows = await select(core, context, kind, options, 'then');
  const newest = BigInt(rows[0]?.newest ?? 0);
  const revision = at ?? newest;
  const floor = BigInt(rows[0]?.floor ?? 0);
  // Also where nothing seems to have changed since: the change may be among those that are forgotten.
  if (revision < floor) throw forgotten(revision, floor);
  const found = rows.filter((row) => row.revision !== null);
  const hasMore = found.length > limit;
  if (hasMore) found.length = limit;
  const last = found.at(-1);
  const total = rows[0]?.total ?? undefined;
  await settled(core, newest);
  return {
    items: found.map((row) => {
      if (row.object === null) throw forgotten(revision, floor);
      const at = { project: context.project, namespace: row.namespace, name: row.name };
      return stored(kind, row.object, row.revision ?? '', core.box, at);
    }),
    ...(last === undefined ? {} : { last: { namespace: last.namespace, name: last.name } }),
    hasMore,
    ...(total === undefined ? {} : { remaining: Math.max(0, Number(total) - found.length) }),
    revision,
    newest,
  };
}

/** `now`: the objects as they are, and whether that differs from what is asked for; `then`: as they were. */
async function select(
  core: StoreCore,
  context: RequestContext,
  kind: Kind,
  options: PageOptions,
  time: 'now' | 'then',
): Promise<Row[]> {
  const values: unknown[] = [context.project, kind.id, options.limit + 1];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { at, after, namespace, namespaces, names, labelSelector, fieldSelector, text: wanted } = options;
  const revision = at === undefined ? undefined : `${bind(String(at))}::bigint`;
  const position = after === undefined ? undefined : `(${bind(after.namespace)}, ${bind(after.name)})`;
  const source =
    time === 'now' || revision === undefined ? 'resource where project = $1 and kind = $2' : atRevision(revision);
  const range = [
    ...(namespace === undefined ? [] : [`namespace = ${bind(namespace)}`]),
    ...(position === undefined ? [] : [`(namespace, name) > ${position}`]),
  ];
  const selectors = selectionSql(
    kind,
    {
      ...(namespaces ? { namespaces } : {}),
      ...(names ? { names } : {}),
      ...(labelSelector ? { labelSelector } : {}),
      ...(fieldSelector ? { fieldSelector } : {}),
      ...(wanted ? { text: wanted } : {}),
    },
    bind,
  );
  const conditions = [...range, ...selectors].map((condition) => ` and ${condition}`).join('');
  const moved =
    revision === undefined
      ? 'false'
      : `exists (select from change where project = $1 and kind = $2 and revision > ${revision})`;
  const total = options.count ? `(select count(*) from ${source}${conditions})` : 'null';
  const text = `select m.floor, greatest(m.floor, (select max(revision) from change)) as newest, ${moved} as moved,
      ${total} as total, r.* from meta m left join lateral (
        select revision, namespace, name, object::text as object from ${source}${conditions}
        order by namespace, name limit $3) r on true`;
  // Statements with selectors have too many shapes to be kept by every connection.
  const name =
    selectors.length > 0
      ? {}
      : { name: `page ${time} ${options.count} ${[revision, position, namespace].map((one) => one !== undefined)}` };
  const { rows } = await core.pool.query<Row>({ ...name, text, values });
  return rows;
}

/** The table of objects as it was at a revision: what has not changed since, and what the first change since replaced. */
function atRevision(revision: string): string {
  return `(
    select revision, namespace, name, labels, object from resource where project = $1 and kind = $2 and revision <= ${revision}
    union all
    select coalesce(c.prior, 0), c.namespace, c.name, coalesce(s.object #> '{metadata,labels}', '{}')::jsonb, s.object
      from (select distinct on (namespace, name) revision as first from change
            where project = $1 and kind = $2 and revision > ${revision} order by namespace, name, revision) f
      join change c on c.revision = f.first
      left join change p on p.revision = c.prior and c.previous is null,
      lateral (select coalesce(c.previous, p.object) as object) s
      where c.type <> 'A'
  ) as past where true`;
}
