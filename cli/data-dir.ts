import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

/** Written into a data directory when it is made; what lacks it is not ours. */
const markerFile = 'datum.json';
const format = 1;
const lockFile = 'lock';
const tokenFile = 'token';
const secretKeyFile = 'secret.key';

/** The folder that holds all state of an embedded product. */
export interface DataDir {
  readonly path: string;
  /** Kept over restarts; 0600. */
  readonly token: () => string;
  /** 32 bytes, kept over restarts; 0600. Undefined where there is none and none is to be made. */
  readonly secretKey: (make: boolean) => Buffer | undefined;
  /** The process that owns the directory, when it is not this one. */
  readonly owner: number | undefined;
  release(): void;
}

/**
 * Opens a data directory, made on first use. `owns` takes its lock: there is one owner at a time, who runs its Postgres.
 * Throws StartError when another process owns it, or when the folder holds something else.
 */
export function openDataDir(path: string, owns: boolean): DataDir {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    checkMarker(path);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`the data directory ${path} cannot be used: ${(error as Error).message}`);
  }
  if (owns) takeLock(path);
  return {
    path,
    owner: owns ? undefined : liveHolder(join(path, lockFile))?.pid,
    token: () => kept(join(path, tokenFile), () => randomBytes(32).toString('base64url')),
    secretKey(make) {
      const file = join(path, secretKeyFile);
      if (!make && !existsSync(file)) return undefined;
      const text = kept(file, () => randomBytes(32).toString('base64'));
      return Buffer.from(text, 'base64');
    },
    release: () => {
      if (owns) rmSync(join(path, lockFile), { force: true });
    },
  };
}

function checkMarker(path: string): void {
  const marker = join(path, markerFile);
  const entries = readdirSync(path);
  // What may be put there before a restore: the key that the backup's secrets are sealed with, and the token.
  if (entries.every((entry) => entry === secretKeyFile || entry === tokenFile))
    return writeFileSync(marker, `${JSON.stringify({ format })}\n`);
  if (!entries.includes(markerFile))
    throw new StartError(`${path} holds files that are not ours; choose another folder with DATUM_DATA_DIR`);
  const found = (JSON.parse(readFileSync(marker, 'utf8')) as { format?: unknown }).format;
  if (found !== format)
    throw new StartError(`${path} was made by another version (format ${String(found)}, this program has ${format})`);
}

function takeLock(path: string): void {
  const file = join(path, lockFile);
  const mine = JSON.stringify(identityOf(process.pid));
  for (;;) {
    try {
      return writeFileSync(file, mine, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = liveHolder(file);
    if (holder !== undefined) {
      throw new StartError(
        `the data directory ${path} is in use by process ${holder.pid}; stop it, choose another DATUM_DATA_DIR, or join it with DATABASE_URL`,
      );
    }
    // Left behind by a process that was killed.
    rmSync(file, { force: true });
  }
}

/** A process, told apart from a later one of the same number by its start time where the system tells it. */
interface Identity {
  readonly pid: number;
  readonly started: string;
}

function identityOf(pid: number): Identity | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  return { pid, started: startTime(pid) };
}

function startTime(pid: number): string {
  try {
    // The 22nd field; the second, the program's name, may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Who holds a lock, if that process is still there. */
function liveHolder(file: string): Identity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Identity;
    return JSON.stringify(identityOf(holder.pid)) === JSON.stringify(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function kept(file: string, make: () => string): string {
  try {
    writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
