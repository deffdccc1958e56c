import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { builtInRegistry, type Registry } from '../../kinds/registry.ts';
import { createSecretBox } from '../../store/secret-box.ts';
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

/** A store on a database of its own, with the namespace `default`, closed and dropped when the running test ends. */
export async function testStore(options: { readonly url?: string; readonly secretKey?: Buffer; readonly now?: () => Date } = {}): Promise<TestStore> {
  const url = options.url ?? (await testDatabase());
  const registry = builtInRegistry();
  const secretKey = options.secretKey ?? randomBytes(32);
  const open = await openStore({
    url,
    findKind: registry.byId,
    box: createSecretBox(secretKey),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  onTestFinished(() => open.close());
  if ((await open.store.get(asAdmin, 'Namespace', { namespace: '', name: 'default' })) === undefined) {
    await open.store.create(asAdmin, 'Namespace', { metadata: { name: 'default' } });
  }
  return { ...open, url, registry, secretKey };
}
