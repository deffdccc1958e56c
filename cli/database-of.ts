import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import type { Ready } from './ready-file.ts';
import { StartError } from './start-error.ts';

/**
 * The database that a command works on, with the newest schema: that of the settings, else of the product that runs on the
 * data directory. Throws StartError where there is none.
 */
export async function databaseOf(config: Config): Promise<string> {
  const url = databaseUrlOf(config);
  await migrate(url).catch((error: Error) => {
    throw new StartError(`the database cannot be used: ${error.message}`);
  });
  return url;
}

/** The same as it is: its schema stays. Throws StartError where there is none. */
export function databaseUrlOf({ DATABASE_URL: url, DATUM_DATA_DIR: folder }: Config): string {
  if (url !== undefined) return url;
  const file = join(folder, 'ready.json');
  if (!existsSync(file))
    throw new StartError(`no product runs on ${folder}; start it first, or name its database by DATABASE_URL`);
  return (JSON.parse(readFileSync(file, 'utf8')) as Ready).database;
}
