import type { Collections } from './collection.ts';
import { createCollections } from './collection.ts';
import type { Database, ResourceRow } from './database.ts';
import { stringAt } from './json.ts';
import type { AddressPools } from '../net/address-pools.ts';
import { createAddressPools } from '../net/address-pools.ts';
import { createRelation } from './relation.ts';

/** Pool and number of an address that a resource holds. */
export type AddressClaim = readonly [pool: string, address: number];

/** What a type of resource must tell for its resources to be indexed. */
export interface Indexed {
  /** Fields of the body that references and addresses are read from. */
  readonly indexedFields: readonly string[];
  /** Keys of the resources that the body refers to, and which therefore cannot be deleted. */
  references(row: ResourceRow): readonly string[];
  /** Addresses that the body holds. */
  addresses(row: ResourceRow): readonly AddressClaim[];
}

/** Everything derived from the tables. It is kept up by their changes and never stored. */
export interface Indexes {
  readonly resources: Collections;
  readonly operations: Collections;
  readonly pools: AddressPools;
  /** Who refers to this resource. */
  users(key: string): ReadonlySet<string>;
  /** Operations in flight on this resource. */
  inFlight(key: string): ReadonlySet<string>;
  /** The key of the resource with this numeric id. */
  keyOfId(id: string): string | undefined;
}

export function createIndexes(database: Database, typeOf: (type: string) => Indexed): Indexes {
  const resources = createCollections();
  const operations = createCollections();
  const pools = createAddressPools();
  const users = createRelation();
  const inFlight = createRelation();
  const keyOfId = new Map<string, string>();

  const unindex = (key: string, row: ResourceRow) => {
    const type = typeOf(row.type);
    for (const target of type.references(row)) users.remove(key, target);
    for (const [pool, address] of type.addresses(row)) pools.release(pool, address);
  };
  const index = (key: string, row: ResourceRow) => {
    const type = typeOf(row.type);
    for (const target of type.references(row)) users.add(key, target);
    for (const [pool, address] of type.addresses(row)) pools.take(pool, address);
  };

  // Rows are replaced and not changed, so a part that is the same object has the same content.
  const isIndexedAlike = (before: ResourceRow, after: ResourceRow) =>
    before.hidden === after.hidden &&
    typeOf(after.type).indexedFields.every((field) => before.body[field] === after.body[field]);

  database.onChange('resource', (key, before, after) => {
    if (before === undefined || after === undefined || !isIndexedAlike(before, after)) {
      if (before !== undefined) unindex(key, before);
      if (after !== undefined) index(key, after);
    }
    if (before === undefined && after !== undefined) {
      resources.add(key);
      const id = stringAt(after.body, 'id');
      if (id !== undefined) keyOfId.set(id, key);
    }
    if (before !== undefined && after === undefined) {
      resources.remove(key);
      keyOfId.delete(stringAt(before.body, 'id') ?? '');
    }
  });
  database.onChange('operation', (key, before, after) => {
    if (before === undefined && after !== undefined) operations.add(key);
    if (before !== undefined && after === undefined) operations.remove(key);
    const wasInFlight = before !== undefined && before.endMs === undefined;
    const isInFlight = after !== undefined && after.endMs === undefined;
    if (wasInFlight && !isInFlight) inFlight.remove(key, before.targetKey);
    if (isInFlight && !wasInFlight) inFlight.add(key, after.targetKey);
  });

  return {
    resources,
    operations,
    pools,
    users: users.lefts,
    inFlight: inFlight.lefts,
    keyOfId: (id) => keyOfId.get(id),
  };
}
