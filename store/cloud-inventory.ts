import type { Pool } from 'pg';
import type { CloudId } from './cloud-resources.types.ts';

/** Where objects of ours can be in a cloud, and which of those that are there anybody here knows of. */
export interface CloudInventory {
  /** Places of all locations, in all control planes. */
  places(): Promise<{ readonly account: string; readonly region: string; readonly zone: string }[]>;
  /** Names of the objects of a type that have a row. */
  recorded(of: Omit<CloudId, 'name'>): Promise<Set<string>>;
  /** Those of the uids that an object has. */
  existing(uids: readonly string[]): Promise<Set<string>>;
}

export function createCloudInventory(pool: Pool): CloudInventory {
  return {
    async places() {
      const { rows } = await pool.query<{ account: string; region: string; zone: string }>(
        `select distinct gcp ->> 'projectId' as account, gcp ->> 'region' as region, zone
         from (select (object #> '{spec,provider,gcp}')::jsonb as gcp from resource where kind = 'Location') as located,
           jsonb_array_elements_text(
             jsonb_build_array(gcp -> 'zone') || coalesce(nullif(gcp -> 'alternateZones', 'null'), '[]')
           ) as zone
         where gcp is not null`,
      );
      return rows;
    },
    async recorded({ cloud, account, scope, type }) {
      const { rows } = await pool.query<{ name: string }>(
        'select name from cloud_resource where cloud = $1 and account = $2 and scope = $3 and type = $4',
        [cloud, account, scope, type],
      );
      return new Set(rows.map(({ name }) => name));
    },
    async existing(uids) {
      // What is no uuid is nobody's.
      const { rows } = await pool.query<{ uid: string }>('select uid::text from resource where uid::text = any($1)', [
        uids,
      ]);
      return new Set(rows.map(({ uid }) => uid));
    },
  };
}
