import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { apply } from './apply.ts';
import { type AuditReader, createAuditReader } from './audit/read-records.ts';
import { createRead } from './read.ts';
import { createRecent } from './recent.ts';
import type { KeyProvider } from './encryption/key-provider.ts';
import { type BoxTimes, openSecretBox, type SecretBox } from './encryption/secret-box.ts';
import { changes } from './changes.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { settled, type StoreCore } from './context.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { createFlush } from './flush.ts';
import { get, getMany, getPlaces, getStored } from './get.ts';
import { list } from './list.ts';
import { listMany } from './list-many.ts';
import { newestRevision, startChangeLog } from './log/change-log.ts';
import { type KindLog, kindLog } from './log/kind-log.ts';
import type { FindKind } from './log/rows.ts';
import { page } from './page.ts';
import { fromPostgres } from './pg-errors.ts';
import { createLimitedProjects } from './quota/within-limits.ts';
import { createPool } from './pool.ts';
import type { Store } from './types.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';
import { createWriter, type Writer } from './write.ts';

/** A store that is open, and what those who share its Postgres need. */
export interface OpenStore {
  readonly store: Store;
  readonly pool: Pool;
  readonly box: SecretBox;
  readonly audit: AuditReader;
  readonly inventory: Inventory;
  /** The changes of a few kinds alone. */
  kindLog(kinds: readonly string[]): KindLog;
  /** What is wrong with Postgres right now, if anything. */
  health(): Error | undefined;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly url: string;
  readonly findKind: FindKind;
  /** Whose keys the keys of secrets are wrapped with: the first wraps, all unwrap. */
  readonly keys: readonly KeyProvider[];
  /** When keys of secrets change; all processes must agree. */
  readonly keyTimes?: BoxTimes;
  /** Told of keys of secrets that cannot be read. */
  readonly onKeyError?: (error: unknown) => void;
  readonly poolMax?: number;
  readonly now?: () => Date;
}

/** Opens the store on a migrated database. Rejects when the keys of its secrets cannot be unwrapped. */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const pool = createPool({
    url: options.url,
    name: 'datum store',
    ...(options.poolMax === undefined ? {} : { max: options.poolMax }),
  });
  const process = randomUUID();
  const flush = createFlush(pool, process);
  let health: Error | undefined;
  const { findKind, keys, keyTimes, onKeyError } = options;
  const box = await openSecretBox(pool, keys, { times: keyTimes, onError: onKeyError }).catch((error: unknown) =>
    pool.end().then(() => Promise.reject(error)),
  );
  let writer: Writer | undefined;
  const log = await startChangeLog({
    pool,
    url: options.url,
    process,
    flush,
    underWay: async () => writer?.underWay(),
    findKind,
    box,
    onHealth: (error) => void (health = error),
  });
  writer = createWriter(pool, process, log.wake);
  const core: StoreCore = {
    pool,
    log,
    flush,
    read: createRead(pool),
    write: writer.write,
    limited: createLimitedProjects(),
    recent: createRecent(),
    box,
    findKind,
    now: options.now ?? (() => new Date()),
  };
  return {
    store: verbsOf(core),
    pool,
    box,
    audit: createAuditReader(pool),
    inventory: createInventory(pool),
    kindLog: (kinds) => kindLog(core, kinds),
    health: () => health,
    async close() {
      await log.close();
      await box.close();
      await pool.end();
    },
  };
}

/** Generic inside, typed at the edge: the cast to the kinds' types is here. */
function verbsOf(core: StoreCore): Store {
  const verb =
    <A extends unknown[], R>(run: (core: StoreCore, ...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      run(core, ...args).catch((error: unknown) => Promise.reject(fromPostgres(error)));
  const verbs = {
    get: verb(get),
    getMany: verb(getMany),
    getPlaces: verb(getPlaces),
    list: verb(list),
    listMany: verb(listMany),
    create: verb(create),
    update: verb(update),
    apply: verb(apply),
    delete: verb(remove),
    watch: watch.bind(null, core),
    changes: changes.bind(null, core),
    getStored: verb(getStored),
    page: verb(page),
    feed: core.log,
    async revision() {
      const newest = await newestRevision(core.pool);
      await settled(core, newest);
      return newest;
    },
  };
  return verbs as unknown as Store;
}
