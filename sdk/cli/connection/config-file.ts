import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli-error.ts';

/** How to prove who one is. */
export type Login =
  | { readonly type: 'token'; readonly token: string }
  | {
      readonly type: 'oidc';
      readonly issuer: string;
      readonly clientId: string;
      /** What proves it: the token of the user, or that for the API. */
      readonly use: 'id_token' | 'access_token';
      readonly token: string;
      readonly refreshToken?: string | undefined;
      /** When the token ends, in ms since 1970. */
      readonly expiresAtMs?: number | undefined;
    };

/** What `datum login` remembers. */
export interface StoredConfig {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly project?: string | undefined;
  readonly login: Login;
}

/** What was remembered; undefined when nobody logged in. Throws CliError for a file that is not ours. */
export function readConfig(file: string): StoredConfig | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const config = JSON.parse(text) as StoredConfig;
    if (typeof config.url === 'string' && typeof config.login.token === 'string') return config;
  } catch {
    // Told below.
  }
  throw new CliError(`${file} is not what datum login writes; log in again, or delete it`);
}

/** Remembers it in a file that only its owner may read; the file is whole or as before. */
export function writeConfig(file: string, config: StoredConfig): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}
