import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../config.ts';
import type { KeyProvider } from '../store/encryption/key-provider.ts';
import { localKeys } from '../store/encryption/local-keys.ts';
import type { DataDir } from './data-dir.ts';
import { StartError } from './start-error.ts';

type KeySettings = Pick<Config, 'DATUM_KEY_PROVIDER' | 'DATUM_SECRET_KEY' | 'DATUM_SECRET_KEY_FILE'>;

/**
 * Who wraps the keys of secrets: a provider of the settings, keys of a file, keys of the environment, in this order; without
 * any the key of the data directory, which is made then. Throws StartError for a provider that is none.
 */
export async function keyProviders(
  { DATUM_KEY_PROVIDER: module, DATUM_SECRET_KEY: keys, DATUM_SECRET_KEY_FILE: fileKeys }: KeySettings,
  dataDir: Pick<DataDir, 'secretKey'>,
): Promise<readonly KeyProvider[]> {
  const provider = module === undefined ? [] : [await loadProvider(module)];
  const given = [...fileKeys, ...keys];
  // A key that was made before others were given still unwraps.
  const own = dataDir.secretKey(provider.length + given.length === 0);
  const local = [...given, ...(own === undefined ? [] : [own])];
  return local.length === 0 ? provider : [...provider, localKeys(local)];
}

async function loadProvider(module: string): Promise<KeyProvider> {
  const loaded = await import(pathToFileURL(resolve(module)).href).catch((error: Error) => {
    throw new StartError(`DATUM_KEY_PROVIDER cannot be loaded: ${error.message}`);
  });
  const { keyProvider } = loaded as { readonly keyProvider?: Partial<KeyProvider> };
  if (
    typeof keyProvider?.id !== 'string' ||
    typeof keyProvider.wrap !== 'function' ||
    typeof keyProvider.unwrap !== 'function'
  )
    throw new StartError(`DATUM_KEY_PROVIDER: ${module} exports no keyProvider with id, wrap and unwrap`);
  return keyProvider as KeyProvider;
}
