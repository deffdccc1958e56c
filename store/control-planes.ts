import type { Pool } from 'pg';

/** All control planes that hold something, whether their projects are still there or not. Sorted. */
export async function listControlPlanes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ project: string }>({
    name: 'control-planes',
    // From one to the next by the primary key: there are many objects in each.
    text: `with recursive p as (
             select min(project) as project from resource
             union all
             select (select min(project) from resource where project > p.project) from p where p.project is not null)
           select project from p where project is not null order by project`,
  });
  return rows.map(({ project }) => project);
}
