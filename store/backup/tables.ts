import pg, { type ClientBase } from 'pg';
import type { BackedUpTable } from './content.types.ts';

/** Its own bookkeeping is made anew by the migrations of a restore. */
const leftOut = ['_prisma_migrations'];

/**
 * The tables of the product with the columns that are theirs to keep; those that others refer to come first. Unlogged ones are
 * left out: they hold what may be lost. So are the queues, which are in a schema of their own and are filled from the objects.
 */
export async function tablesToKeep(client: ClientBase): Promise<BackedUpTable[]> {
  const { rows } = await client.query<BackedUpTable & { needs: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
       array(select r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
             where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relpersistence = 'p' and c.relname <> all ($1)
     group by c.oid, c.relname order by c.relname`,
    [leftOut],
  );
  const ordered: BackedUpTable[] = [];
  const done = new Set<string>();
  while (ordered.length < rows.length) {
    const next = rows.find(({ name, needs }) => !done.has(name) && needs.every((needed) => done.has(needed)));
    if (next === undefined) throw new Error('tables refer to each other in a circle');
    done.add(next.name);
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

/** `table (column, …)`, quoted. */
export function sqlOf({ name, columns }: BackedUpTable): string {
  return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;
}
