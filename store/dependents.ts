import type { Pool } from 'pg';
import type { Key } from '../kinds/object.ts';

/** An object by kind and key. */
export interface ObjectKey extends Key {
  readonly project: string;
  /** Id of the kind. */
  readonly kind: string;
}

/** Owners and owned across all kinds, for garbage collection: one look instead of a list per kind. */
export interface Dependents {
  /** Objects that have this uid among their owners. */
  of(project: string, uid: string): Promise<readonly ObjectKey[]>;
  /** Objects of all projects that have an owner which does not exist. */
  withLostOwner(): Promise<readonly ObjectKey[]>;
  /** Objects of all projects that are being deleted and still carry a finalizer in `metadata`. */
  heldBy(finalizers: readonly string[]): Promise<readonly ObjectKey[]>;
}

export function createDependents(pool: Pool): Dependents {
  const select = 'select project, kind, namespace, name from resource';
  const query = async (text: string, values: unknown[]): Promise<readonly ObjectKey[]> =>
    (await pool.query<ObjectKey>(text, values)).rows;
  return {
    of: (project, uid) =>
      query(`${select} where project = $1 and owners @> array[$2::uuid] and owners <> '{}'`, [project, uid]),
    withLostOwner: () =>
      query(
        `${select} r where owners <> '{}' and exists (
           select from unnest(r.owners) as owner where not exists (select from resource o where o.uid = owner))`,
        [],
      ),
    heldBy: (finalizers) =>
      query(`${select} where deleting and (object->'metadata'->'finalizers')::jsonb ?| $1`, [finalizers]),
  };
}

/** Keys of all objects of a kind in all projects, page by page. */
export async function* keysOfKind(pool: Pool, kind: string, pageRows = 1000): AsyncIterable<readonly ObjectKey[]> {
  let after: ObjectKey | undefined;
  for (;;) {
    const { rows } = await pool.query<ObjectKey>({
      name: 'keys_of_kind',
      text: `select project, kind, namespace, name from resource
             where kind = $1 and ($2::text is null or (project, namespace, name) > ($2, $3, $4))
             order by project, namespace, name limit $5`,
      values: [kind, after?.project, after?.namespace, after?.name, pageRows],
    });
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) return;
    after = rows.at(-1);
  }
}
