import type { Pool } from 'pg';

/** How many objects of a kind are in a namespace. */
export interface KindCount {
  readonly project: string;
  /** Empty for kinds of cluster scope. */
  readonly namespace: string;
  readonly count: number;
}

/** Objects of a kind by project and namespace, where there are any. */
export async function countsOfKind(pool: Pool, kind: string): Promise<readonly KindCount[]> {
  const { rows } = await pool.query<KindCount>({
    name: 'counts_of_kind',
    text: `select project, namespace, count(*)::int as count from resource where kind = $1 group by project, namespace`,
    values: [kind],
  });
  return rows;
}
