import type { Resource } from '../kinds/object.ts';
import { decode } from './codec.ts';
import { kindOf, settled, type StoreCore } from './context.ts';
import { cursorMaker, orderOf, readCursor } from './cursor.ts';
import { selectionSql } from './selectors.ts';
import type { ListOptions, ListResult, RequestContext } from './types.ts';

/** A row of a list; without a revision it stands for none, and only says how new the store is. */
export interface ListRow {
  readonly newest: string;
  readonly revision: string | null;
  readonly namespace: string;
  readonly name: string;
  readonly object: string;
}

/**
 * Objects of a selection in order, and the revision of the store in the same snapshot: one statement, so that a watch from
 * that revision misses nothing and repeats nothing.
 */
export async function list(
  core: StoreCore,
  context: RequestContext,
  kindId: string,
  options: ListOptions = {},
): Promise<ListResult<Resource>> {
  const kind = kindOf(core, kindId);
  const values: unknown[] = [context.project, kind.id];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { columns, descending } = orderOf(options.order ?? 'name');
  const conditions = ['project = $1', 'kind = $2', ...selectionSql(kind, options, bind)];
  if (options.after !== undefined) {
    const { created, namespace, name } = readCursor(context, kind, options, options.after);
    const position = columns.map((column) =>
      column === 'created_at' ? `${bind(created)}::timestamptz` : bind(column === 'name' ? name : namespace),
    );
    conditions.push(`(${columns.join(', ')}) ${descending ? '<' : '>'} (${position.join(', ')})`);
  }
  const direction = descending ? ' desc' : '';
  const { rows } = await core.pool.query<ListRow>(
    `select greatest(m.floor, (select max(revision) from change)) as newest, r.* from meta m left join lateral (
       select revision, object::text as object, ${columns.join(', ')} from resource where ${conditions.join(' and ')}
       order by ${columns.map((column) => column + direction).join(', ')}
       ${options.limit === undefined ? '' : `limit ${bind(options.limit + 1)}`}) r on true`,
    values,
  );
  const revision = BigInt(rows[0]?.newest ?? 0);
  const found = rows.filter((row) => row.revision !== null);
  const hasMore = options.limit !== undefined && found.length > options.limit;
  const items = (hasMore ? found.slice(0, options.limit) : found).map((row) =>
    decode(kind, row.object, row.revision ?? '', core.box, {
      project: context.project,
      namespace: row.namespace,
      name: row.name,
    }),
  );
  await settled(core, revision);
  return { items, revision, cursors: items.map(cursorMaker(context, kind, options)), hasMore };
}
