import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'cli', 'main.ts');
const readyTimeoutMs = 40_000;

/** A process of the product, as `npm start` runs it. */
export interface ProductProcess {
  readonly dataDir: string;
  readonly process: ChildProcess;
  readonly ready: Ready;
  /** Everything it printed so far. */
  output(): string;
  /** Sends a signal and waits until the process has ended; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProductOptions {
  /** Folder to use again; a new one is made, and removed with the test, by default. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for data that is removed when the running test ends. */
export function temporaryDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'datum-product-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

/** Starts the product on free ports and waits until it is ready. */
export async function startProductProcess(options: ProductOptions = {}): Promise<ProductProcess> {
  const dataDir = options.dataDir ?? temporaryDataDir();
  const child = launch(dataDir, options.env ?? {});
  const file = join(dataDir, 'ready.json');
  const until = Date.now() + readyTimeoutMs;
  while (!existsSync(file) || (JSON.parse(readFileSync(file, 'utf8')) as Ready).pid !== child.process.pid) {
    if (child.process.exitCode !== null || Date.now() > until) throw new Error(`the product did not become ready:\n${child.output()}`);
    await sleep(20);
  }
  return { dataDir, ...child, ready: JSON.parse(readFileSync(file, 'utf8')) as Ready };
}

/** Starts the product and waits until it has ended by itself. */
export async function runToEnd(options: ProductOptions = {}): Promise<{ code: number | null; output: string }> {
  const child = launch(options.dataDir ?? temporaryDataDir(), options.env ?? {});
  const code = child.process.exitCode ?? (await new Promise<number | null>((resolve) => child.process.once('exit', resolve)));
  return { code, output: child.output() };
}

function launch(dataDir: string, env: Readonly<Record<string, string>>): Pick<ProductProcess, 'process' | 'output' | 'stop'> {
  const free = { DATUM_PORT: '0', DATUM_KUBERNETES_PORT: '0', DATUM_GCP_PORT: '0', DATUM_GCP_CONTROL_PORT: '0', DATUM_SUBGRAPH_PORT: '0' };
  const child = spawn(process.execPath, [main], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...free, DATUM_DATA_DIR: dataDir, DATUM_GCP_LATENCY: 'none', DATUM_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  onTestFinished(() => stop('SIGTERM').then(() => undefined));
  return { process: child, output: () => output, stop };
}
