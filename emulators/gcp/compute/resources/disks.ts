import { linkOf } from '../links.ts';
import type { ComputeType } from '../resource-type.ts';
import { splitKey } from '../../core/collection.ts';

/** Persistent disks. They come with an instance, whose boot disk they are. */
export const disks: ComputeType = {
  collection: 'disks',
  kind: 'compute#disk',
  message: 'Disk',
  noun: 'disk',
  scopes: ['zone'],
  aggregated: true,
  visibleWhileCreating: true,
  latencyMs: { insert: [3_000, 10_000], delete: [2_000, 8_000] },
  outputOnly: [],
  indexedFields: [],
  references: () => [],
  addresses: () => [],
  mutations: [],
  delete: { inUse: 'at-call' },
  view(world, key, row) {
    const users = [...world.indexes.users(key)].filter((user) => splitKey(user).collection.endsWith('/instances'));
    return {
      ...row.body,
      status: row.phase === 'ready' ? 'READY' : row.phase === 'creating' ? 'CREATING' : 'DELETING',
      ...(users.length === 0 ? {} : { users: users.toSorted().map(linkOf) }),
    };
  },
};
