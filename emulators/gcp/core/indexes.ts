import type { Collections } from './collection.ts';
import { createCollections } from './collection.ts';
import type { Database, ResourceRow } from './database.ts';
import { stringAt } from './json.ts';
import type { AddressPools } from '../net/address-pools.ts';
import { createAddressPools } from '../net/address-pools.ts';
import { createRelation } from './relation.ts';

/** Pool and number of an address that a resource holds. */
export type AddressClaim = readonly [pool: string, address: number];

/** So much of a metric, in `projects/p` or `projects/p/regions/r`. */
export type UsageClaim = readonly [scope: string, metric: string, amount: number];

/** What a type of resource must tell for its resources to be indexed. */
export interface Indexed {
  /** Fields of the body that references and addresses are read from. */
  readonly indexedFields: readonly string[];
  /** Keys of the resources that the body refers to, and which therefore cannot be deleted. */
  references(row: ResourceRow): readonly string[];
  /** Addresses that the body holds. */
  addresses(row: ResourceRow): readonly AddressClaim[];
  /** What the resource counts as in quotas, read from these fields of its body; it counts as nothing when absent. */
  readonly counted?: {
    readonly fields: readonly string[];
    usage(key: string, row: ResourceRow): readonly UsageClaim[];
  };
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
  /** Operations of a project that have not ended. */
  operationsInFlight(project: string): number;
  /** How much of a metric is used in `projects/p` or `projects/p/regions/r`. */
  usage(scope: string, metric: string): number;
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
  const flying = new Map<string, number>();
  const usage = new Map<string, number>();

  const count = (key: string, row: ResourceRow, sign: 1 | -1) => {
    for (const [scope, metric, amount] of typeOf(row.type).counted?.usage(key, row) ?? []) {
      const name = `${scope}/${metric}`;
      usage.set(name, (usage.get(name) ?? 0) + sign * amount);
    }
  };
  const isCountedAlike = (before: ResourceRow, after: ResourceRow) =>
    (typeOf(after.type).counted?.fields ?? []).every((field) => before.body[field] === after.body[field]);

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
    if (before === undefined || after === undefined || !isCountedAlike(before, after)) {
      if (before !== undefined) count(key, before, -1);
      if (after !== undefined) count(key, after, 1);
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
    if (wasInFlight === isInFlight) return;
    const project = key.split('/')[1] ?? '';
    flying.set(project, (flying.get(project) ?? 0) + (isInFlight ? 1 : -1));
    if (wasInFlight) inFlight.remove(key, before.targetKey);
    if (isInFlight) inFlight.add(key, after.targetKey);
  });

  return {
    resources,
    operations,
    pools,
    users: users.lefts,
    inFlight: inFlight.lefts,
    operationsInFlight: (project) => flying.get(project) ?? 0,
    usage: (scope, metric) => usage.get(`${scope}/${metric}`) ?? 0,
    keyOfId: (id) => keyOfId.get(id),
  };
}
