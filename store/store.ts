import type { Pool } from 'pg';
import type { SecretBox } from './secret-box.ts';
import { changes } from './changes.ts';
import { settled, type StoreCore } from './context.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { createFlush } from './flush.ts';
import { get, getMany } from './get.ts';
import { list } from './list.ts';
import { newestRevision, startChangeLog } from './log/change-log.ts';
import type { FindKind } from './log/rows.ts';
import { createPool } from './pool.ts';
import type { Store } from './types.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';

/** A store that is open, and what those who share its Postgres need. */
export interface OpenStore {
  readonly store: Store;
  readonly pool: Pool;
  /** What is wrong with Postgres right now, if anything. */
  health(): Error | undefined;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  readonly findKind: FindKind;
  readonly box: SecretBox;
  readonly poolMax?: number;
  readonly now?: () => Date;
}

/** Opens the store on a migrated database. */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const pool = createPool({ url: options.url, name: 'datum store', ...(options.poolMax === undefined ? {} : { max: options.poolMax }) });
  const flush = createFlush(pool);
  let health: Error | undefined;
  const { findKind, box } = options;
  const log = await startChangeLog({ pool, url: options.url, flush, findKind, box, onHealth: (error) => void (health = error) });
  const core: StoreCore = { pool, log, flush, box, findKind, now: options.now ?? (() => new Date()) };
  return { store: verbsOf(core), pool, health: () => health, close: () => log.close().then(() => pool.end()) };
}

/** Generic inside, typed at the edge: the casts to the kinds' types are all here. */
function verbsOf(core: StoreCore): Store {
  const verbs = {
    get: get.bind(null, core),
    getMany: getMany.bind(null, core),
    list: list.bind(null, core),
    create: create.bind(null, core),
    update: update.bind(null, core),
    delete: remove.bind(null, core),
    watch: watch.bind(null, core),
    changes: changes.bind(null, core),
    async revision() {
      const newest = await newestRevision(core.pool);
      await settled(core, newest);
      return newest;
    },
  };
  return verbs as unknown as Store;
}
