import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Config } from '../config.ts';
import { DamagedBackup } from '../store/backup/frames.ts';
import { RestoreRefused, restoreDatabase } from '../store/backup/restore-database.ts';
import { openDataDir } from './data-dir.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { StartError } from './start-error.ts';

const usage = `Usage:
  restore FILE         fills a new database, or a new data directory, from a backup; - is standard input`;

/** Restores a backup where no product runs. Throws StartError for what is no backup, and for a database that is not empty. */
export async function restoreCommand(args: readonly string[], config: Config): Promise<void> {
  const [file] = args;
  if (file === undefined || args.length !== 1) throw new StartError(usage);
  try {
    const input = file === '-' ? process.stdin : (await open(file)).createReadStream();
    await onDatabase(config, async (url) => {
      const { objects, rows, at } = await restoreDatabase(url, decompressed(input));
      console.error(`${objects} objects in ${rows} rows restored, as of ${at}.`);
    });
  } catch (error) {
    if (error instanceof DamagedBackup) throw new StartError(`${file} cannot be restored: ${error.message}`);
    if (error instanceof RestoreRefused) throw new StartError(error.message);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new StartError(`there is no file ${file}`);
    throw error;
  }
}

/** Of the settings, else an embedded one, which runs for as long as `job` does. */
async function onDatabase(config: Config, job: (url: string) => Promise<void>): Promise<void> {
  if (config.DATABASE_URL !== undefined) return job(config.DATABASE_URL);
  const dataDir = openDataDir(config.DATUM_DATA_DIR, true);
  try {
    const postgres = await startEmbeddedPostgres(join(dataDir.path, 'postgres'));
    await job(postgres.localUrl).finally(() => postgres.stop());
  } finally {
    dataDir.release();
  }
}

async function* decompressed(input: Readable): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  input.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    // Its codes are Z_DATA_ERROR and the like.
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw new DamagedBackup('it is damaged or cut off');
    throw error;
  }
}
