import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from '../test/support/database.ts';

/** Postgres' name of what a field of the Prisma schema is stored as. */
const nativeTypes: Readonly<Record<string, string>> = {
  String: 'text',
  BigInt: 'bigint',
  Int: 'integer',
  Float: 'double precision',
  Boolean: 'boolean',
  DateTime: 'timestamp with time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
  Decimal: 'numeric',
  '@db.Uuid': 'uuid',
  '@db.Json': 'json',
  '@db.SmallInt': 'smallint',
  '@db.Char': '"char"',
};

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

it('prisma/schema.prisma and the migrations describe the same tables', async () => {
  const client = new pg.Client({ connectionString: await testDatabase() });
  await client.connect();
  const { rows } = await client.query<Column>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations' and a.attnum > 0 and not a.attisdropped`,
  );
  await client.end();
  expect(sorted(rows)).toEqual(sorted(readSchema()));
});

function readSchema(): Column[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'prisma', 'schema.prisma'), 'utf8');
  return [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].flatMap(([, table = '', body = '']) =>
    [...body.matchAll(/^ {2}(\w+)\s+(\w+(?:\("\w+"\))?)(\[\])?(\?)?(.*)$/gm)].map(
      ([, column = '', type = '', list, optional, attributes = '']) => {
        const native = /@db\.\w+/.exec(attributes)?.[0];
        const stored =
          /^Unsupported\("(\w+)"\)$/.exec(type)?.[1] ?? nativeTypes[native ?? ''] ?? nativeTypes[type] ?? type;
        return { table, column, type: stored + (list ?? ''), nullable: optional !== undefined };
      },
    ),
  );
}

function sorted(columns: readonly Column[]): string[] {
  return columns
    .map(({ table, column, type, nullable }) => `${table}.${column} ${type}${nullable ? ' null' : ''}`)
    .sort();
}
