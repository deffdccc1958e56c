import type { Pool } from 'pg';
import { type CloudChanges, createCloudChanges } from './cloud-changes.ts';
import { createCloudResources } from './cloud-resources.ts';
import type { CloudResource } from './cloud-resources.types.ts';
import { type AddressHolder, addressHolders } from './ipam/address-holders.ts';
import { fromPostgres } from './pg-errors.ts';

/** What was given to objects and made for them, for reading; asks nobody whether they may. Rejects with StoreError. */
export interface Inventory {
  /** Who has an address; see `addressHolders`. */
  addressHolders(project: string, address: string, limit: number): Promise<AddressHolder[]>;
  /** What was made in clouds for each of these objects, by uid and in their order. */
  cloudResources(ownerUids: readonly string[]): Promise<CloudResource[][]>;
  readonly cloudChanges: CloudChanges;
}

/** An inventory on a migrated database. */
export function createInventory(pool: Pool): Inventory {
  const { ofOwners } = createCloudResources(pool);
  return {
    addressHolders: (project, address, limit) => addressHolders(pool, project, address, limit),
    async cloudResources(ownerUids) {
      const rows = await ofOwners(ownerUids).catch((error: unknown) => Promise.reject(fromPostgres(error)));
      const byOwner = Map.groupBy(rows, ({ ownerUid }) => ownerUid);
      return ownerUids.map((uid) => byOwner.get(uid) ?? []);
    },
    cloudChanges: createCloudChanges(pool),
  };
}
