import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../cli/embedded-postgres.ts';
import { seed } from '../../cli/seed.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { type Credentials, credentialsIn } from '../../store/credentials/credentials.ts';
import { migrate } from '../../store/migrate.ts';
import { localKeys } from '../../store/encryption/local-keys.ts';
import { type OpenStore, openStore } from '../../store/store.ts';
import type { RequestContext } from '../../store/types.ts';

export const asBench: RequestContext = { project: 'default', actor: 'bench', manager: 'bench' };

/** What a measure works on. */
export interface BenchStore extends OpenStore {
  readonly url: string;
  readonly credentials: Credentials;
}

/** A store on a Postgres of its own, with the settings of the product; gone at the end. */
export async function withStore<T>(run: (open: BenchStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'datum-bench-'));
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  try {
    await migrate(postgres.url);
    const registry = builtInRegistry();
    const open = await openStore({ url: postgres.url, findKind: registry.byId, keys: [localKeys([randomBytes(32)])] });
    await seed(open.store, registry);
    try {
      return await run({ ...open, url: postgres.url, credentials: credentialsIn(open.pool, open.box) });
    } finally {
      await open.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
