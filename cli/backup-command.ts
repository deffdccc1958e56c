import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Config } from '../config.ts';
import type { BackupSummary } from '../store/backup/content.types.ts';
import { readDatabase } from '../store/backup/read-database.ts';
import { databaseUrlOf } from './database-of.ts';
import { StartError } from './start-error.ts';

const usage = `Usage:
  backup FILE          writes all that the product knows into a file, while it runs; - is standard output`;

/** Compression that costs little more than the reading. */
const level = 1;

/** Backs up the database of a product, as one moment shows it. The file is whole or not there. Throws StartError. */
export async function backupCommand(args: readonly string[], config: Config): Promise<void> {
  const [file] = args;
  if (file === undefined || args.length !== 1) throw new StartError(usage);
  const url = databaseUrlOf(config);
  let summary: BackupSummary | undefined;
  const content = Readable.from(readDatabase(url, (read) => (summary = read)));
  const gzip = createGzip({ level });
  if (file === '-') {
    await pipeline(content, gzip, process.stdout, { end: false });
  } else {
    const fresh = `${file}.${randomUUID()}`;
    try {
      await pipeline(content, gzip, createWriteStream(fresh, { mode: 0o600, flags: 'wx', flush: true }));
      await rename(fresh, file);
    } catch (error) {
      await rm(fresh, { force: true });
      throw new StartError(`the backup failed: ${(error as Error).message}`);
    }
  }
  console.error(`${summary?.objects} objects in ${summary?.rows} rows, as of ${summary?.at}.`);
  console.error('Values of Secrets are sealed in it: keep the secret keys too, at another place.');
}
