import type { Pool } from 'pg';
import type { Kind } from '../../kinds/kind.ts';
import { signingKeyBinding } from '../credentials/signing-keys.ts';
import { isStale, kindOfText, resealText } from './reseal-text.ts';
import type { OpenBox } from './secret-box.ts';
import { readSealed } from './sealed-value.ts';

/** What sealing anew works on. */
export interface ResealParts {
  readonly pool: Pool;
  readonly box: OpenBox;
  /** The kinds that have sensitive fields. */
  readonly kinds: readonly Kind[];
}

/** What became of a page of a table. */
export interface ResealedPage {
  readonly rows: number;
  /** How many were sealed otherwise. */
  readonly resealed: number;
  /** Key of the last row; the next page starts behind it. Undefined at the end. */
  readonly last: readonly string[] | undefined;
}

const pageRows = 200;

interface ObjectRow {
  readonly project: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  readonly object: string;
}

/** Objects. What was written after it was read here is sealed with the newest key already. */
export async function resealObjects(parts: ResealParts, after: readonly string[]): Promise<ResealedPage> {
  const { pool, box, kinds } = parts;
  const { rows } = await pool.query<ObjectRow>(
    `select project, kind, namespace, name, revision, object::text as object from resource
     where kind = any ($1) and (project, kind, namespace, name) > ($2, $3, $4, $5)
     order by project, kind, namespace, name limit $6`,
    [kinds.map(({ id }) => id), ...after, pageRows],
  );
  const stale = rows.filter((row) => isStale(kindOf(parts, row.kind), row.object, box.sealingKey()));
  if (stale.length > 0) {
    const columns = (['project', 'kind', 'namespace', 'name', 'revision'] as const).map((column) =>
      stale.map((row) => row[column]),
    );
    await underWriteLock(
      pool,
      `update resource r set object = s.object::json
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
         as s (project, kind, namespace, name, revision, object)
       where r.project = s.project and r.kind = s.kind and r.namespace = s.namespace and r.name = s.name
         and r.revision = s.revision`,
      [...columns, stale.map((row) => resealText(kindOf(parts, row.kind), row.object, box, row))],
    );
  }
  return pageOf(rows, stale.length, ({ project, kind, namespace, name }) => [project, kind, namespace, name]);
}

/** Changes in the log. What readers hold in memory stays as it is: they keep the keys of it. */
export async function resealChanges(parts: ResealParts, [after]: readonly string[]): Promise<ResealedPage> {
  const { pool, box, kinds } = parts;
  const { rows } = await pool.query<ObjectRow & { readonly previous: string | null }>(
    `select revision, project, kind, namespace, name, object::text as object, previous::text as previous from change
     where kind = any ($1) and revision > $2 order by revision limit $3`,
    [kinds.map(({ id }) => id), after, pageRows],
  );
  const key = box.sealingKey();
  const stale = rows.filter(({ kind, object, previous }) =>
    [object, previous].some((text) => text !== null && isStale(kindOf(parts, kind), text, key)),
  );
  if (stale.length > 0) {
    const fresh = (row: ObjectRow, text: string): string => resealText(kindOf(parts, row.kind), text, box, row);
    await pool.query(
      // A state that compaction has added meanwhile is for the next pass.
      `update change c set object = s.object::json, previous = coalesce(s.previous::json, c.previous)
       from unnest($1::bigint[], $2::text[], $3::text[]) as s (revision, object, previous) where c.revision = s.revision`,
      [
        stale.map(({ revision }) => revision),
        stale.map((row) => fresh(row, row.object)),
        stale.map((row) => row.previous && fresh(row, row.previous)),
      ],
    );
  }
  return pageOf(rows, stale.length, ({ revision }) => [revision]);
}

/** First answers to idempotency keys. */
export async function resealAnswers(parts: ResealParts, after: readonly string[]): Promise<ResealedPage> {
  const { pool, box, kinds } = parts;
  interface Row {
    readonly project: string;
    readonly actor: string;
    readonly key: string;
    readonly revision: string;
    readonly object: string;
  }
  const { rows } = await pool.query<Row>(
    `select project, actor, key, revision, object::text as object from idempotency
     where (project, actor, key) > ($1, $2, $3) order by project, actor, key limit $4`,
    [...after, pageRows],
  );
  let resealed = 0;
  for (const { project, actor, key, revision, object } of rows) {
    const found = kindOfText(kinds, object);
    if (found === undefined || !isStale(found.kind, object, box.sealingKey())) continue;
    resealed += 1;
    await pool.query(
      'update idempotency set object = $1 where project = $2 and actor = $3 and key = $4 and revision = $5',
      [resealText(found.kind, object, box, { project, ...found.at }), project, actor, key, revision],
    );
  }
  return pageOf(rows, resealed, ({ project, actor, key }) => [project, actor, key]);
}

/** Private parts of signing keys. */
export async function resealSigningKeys({ pool, box }: ResealParts, [after]: readonly string[]): Promise<ResealedPage> {
  const { rows } = await pool.query<{ id: string; private_key: string }>(
    'select id, private_key from signing_key where id > $1 order by id limit $2',
    [after, pageRows],
  );
  const stale = rows.filter((row) => readSealed(row.private_key).keyId !== box.sealingKey());
  for (const { id, private_key: sealed } of stale) {
    const binding = signingKeyBinding(id);
    await pool.query('update signing_key set private_key = $1 where id = $2', [
      box.seal(box.open(sealed, binding), binding),
      id,
    ]);
  }
  return pageOf(rows, stale.length, ({ id }) => [id]);
}

function pageOf<R>(rows: readonly R[], resealed: number, keyOf: (row: R) => readonly string[]): ResealedPage {
  const last = rows.length === pageRows ? rows.at(-1) : undefined;
  return { rows: rows.length, resealed, last: last && keyOf(last) };
}

function kindOf({ kinds }: ResealParts, id: string): Kind {
  const kind = kinds.find((each) => each.id === id);
  if (kind === undefined) throw new Error(`there is no kind ${id}`);
  return kind;
}

/** Writers rely on it that nobody else writes objects while they hold their lock. */
async function underWriteLock(pool: Pool, text: string, values: readonly unknown[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(4711, 1)');
    await client.query(text, [...values]);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
