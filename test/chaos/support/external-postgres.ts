import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { freePort } from '../../support/free-port.ts';

const run = promisify(execFile);
const debianRoot = '/usr/lib/postgresql';
const binaries = existsSync(debianRoot)
  ? readdirSync(debianRoot)
      .map((major) => join(debianRoot, major, 'bin'))
      .findLast((folder) => existsSync(join(folder, 'pg_basebackup')))
  : undefined;

/** Why tests with a Postgres that others run cannot run here, or undefined. */
export const noExternalPostgres =
  binaries === undefined ? "no Postgres with its tools; install Debian's postgresql" : undefined;

/** A Postgres beside the product, as others run it. */
export interface ExternalPostgres {
  readonly port: number;
  readonly url: string;
  /** Ends it as a crash of its machine does. */
  kill(): Promise<void>;
  /** Makes a standby take over; resolves when it takes writes. */
  promote(): Promise<void>;
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=400',
  'log_min_messages=fatal',
];
const superuser = 'datum';

/** A Postgres that is safe on disk, stopped when the running test ends. */
export async function startPrimary(): Promise<ExternalPostgres> {
  const folder = await ownFolder();
  await asPostgres('initdb', [
    '-D',
    folder,
    '-U',
    superuser,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  return serve(folder);
}

/** A standby that holds whatever the primary acknowledges: from now on commits there wait for it. */
export async function startStandby(primary: ExternalPostgres): Promise<ExternalPostgres> {
  const folder = await ownFolder();
  const source = `host=127.0.0.1 port=${primary.port} user=${superuser} application_name=standby`;
  await asPostgres('pg_basebackup', ['-D', folder, '-d', source, '-X', 'stream', '-R', '-c', 'fast']);
  const standby = await serve(folder);
  await ask(primary.url, "alter system set synchronous_standby_names = 'standby'");
  await ask(primary.url, 'select pg_reload_conf()');
  while ((await ask(primary.url, "select 1 from pg_stat_replication where sync_state = 'sync'")).length === 0)
    await sleep(20);
  return standby;
}

async function serve(folder: string): Promise<ExternalPostgres> {
  const port = await freePort();
  const options = settings.flatMap((setting) => ['-c', setting]);
  const [file, args] = command('postgres', ['-D', folder, '-p', String(port), ...options]);
  const child = spawn(file, args, { stdio: 'ignore' });
  onTestFinished(async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  });
  const url = `postgres://${superuser}@127.0.0.1:${port}/postgres`;
  while (
    !(await ask(url, 'select 1').then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`Postgres ended with ${child.exitCode}`);
    await sleep(20);
  }
  return {
    port,
    url,
    kill: () => end(child),
    async promote() {
      await ask(url, 'select pg_promote()');
      while ((await ask(url, 'select 1 where not pg_is_in_recovery()')).length === 0) await sleep(20);
    },
  };
}

/** Its children end by themselves when they find it gone; SIGQUIT tells them at once, and nothing is tidied up either way. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGQUIT');
  await once(child, 'exit');
}

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(query)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

const isRoot = process.getuid?.() === 0;

/** Postgres does not run as root. */
function command(name: string, args: readonly string[]): [string, string[]] {
  const file = join(binaries ?? '', name);
  return isRoot
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--', file, ...args]]
    : [file, [...args]];
}

async function asPostgres(name: string, args: readonly string[]): Promise<void> {
  await run(...command(name, args), { cwd: '/' });
}

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'datum-external-'));
  if (!isRoot) return folder;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  await chown(folder, uid ?? 0, gid ?? 0);
  return folder;
}
