import pg, { type ClientBase } from 'pg';
import type { BackedUpTable } from './content.types.ts';

/** Its own bookkeeping is made anew by the migrations of a restore. */
const leftOut = ['_prisma_migrations'];

/**
 * The tables of the product with the columns that are theirs to keep, in order of name. Unlogged ones are left out: they hold
 * what may be lost. So are the queues, which are in a schema of their own and are filled from the objects.
 */
export async function tablesToKeep(client: ClientBase): Promise<BackedUpTable[]> {
  const { rows } = await client.query<BackedUpTable>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relpersistence = 'p' and c.relname <> all ($1)
     group by c.relname order by c.relname`,
    [leftOut],
  );
  return rows;
}

/** `table (column, …)`, quoted. */
export function sqlOf({ name, columns }: BackedUpTable): string {
  return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;
}
