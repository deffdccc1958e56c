import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { builtInRegistry, type Registry } from '../../kinds/registry.ts';
import { localKeys } from '../../store/encryption/local-keys.ts';
import type { BoxTimes } from '../../store/encryption/secret-box.ts';
import { type OpenStore, openStore } from '../../store/store.ts';
import type { RequestContext } from '../../store/types.ts';
import { testDatabase } from './database.ts';

/** Who the tests are, unless they say otherwise. */
export const asAdmin: RequestContext = { project: 'default', actor: 'admin', manager: 'test' };

export interface TestStore extends OpenStore {
  readonly url: string;
  readonly registry: Registry;
  readonly secretKey: Buffer;
}

interface TestStoreOptions {
  readonly url?: string;
  readonly secretKey?: Buffer;
  /** Keys that unwrap besides. */
  readonly otherKeys?: readonly Buffer[];
  readonly keyTimes?: BoxTimes;
  readonly now?: () => Date;
}

/** A store on a database of its own, with the namespace `default`, closed and dropped when the running test ends. */
export async function testStore(options: TestStoreOptions = {}): Promise<TestStore> {
  const store = await openTestStore(options.url ?? (await testDatabase()), options);
  onTestFinished(() => store.close());
  return store;
}

/** A store on a migrated database, with the namespace `default`; the caller closes it. */
export async function openTestStore(url: string, options: TestStoreOptions = {}): Promise<TestStore> {
  const registry = builtInRegistry();
  const secretKey = options.secretKey ?? randomBytes(32);
  const open = await openStore({
    url,
    findKind: registry.byId,
    keys: [localKeys([secretKey, ...(options.otherKeys ?? [])])],
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.keyTimes === undefined ? {} : { keyTimes: options.keyTimes }),
  });
  if ((await open.store.get(asAdmin, 'Namespace', { namespace: '', name: 'default' })) === undefined) {
    await open.store.create(asAdmin, 'Namespace', { metadata: { name: 'default' } });
  }
  return { ...open, url, registry, secretKey };
}
