import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ready } from '../../cli/ready-file.ts';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'cli', 'main.ts');
const readyTimeoutMs = 40_000;

/** Free ports, no waiting for the cloud, little talk. */
const defaults = {
  DATUM_PORT: '0',
  DATUM_KUBERNETES_PORT: '0',
  DATUM_GCP_PORT: '0',
  DATUM_GCP_CONTROL_PORT: '0',
  DATUM_SUBGRAPH_PORT: '0',
  DATUM_GCP_LATENCY: 'none',
  DATUM_LOG_LEVEL: 'warn',
};

/** A process of the product that was started and may be ready or not. */
export interface Launched {
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Sends a signal and waits until the process has ended; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with its exit code when it has ended by itself. */
  readonly ended: Promise<number | null>;
}

/** Starts the product as `npm start` does, but for the install. */
export function launch(dataDir: string, env: Readonly<Record<string, string>> = {}): Launched {
  const child = spawn(process.execPath, [main], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...defaults, DATUM_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    dataDir,
    process: child,
    output: () => output,
    ended,
    stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

/** Waits until the process has written its ready.json. */
export async function untilReady(launched: Launched): Promise<Ready> {
  const file = join(launched.dataDir, 'ready.json');
  const until = Date.now() + readyTimeoutMs;
  for (;;) {
    const ready = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ready) : undefined;
    if (ready !== undefined && ready.pid === launched.process.pid) return ready;
    if (launched.process.exitCode !== null || Date.now() > until)
      throw new Error(`the product did not become ready:\n${launched.output()}`);
    await sleep(10);
  }
}
