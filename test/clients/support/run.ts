import { spawn } from 'node:child_process';

/** How a program ended. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The program's whole environment, but for PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to its standard input. */
  readonly input?: string | undefined;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** A program that was started. */
export interface Running {
  /** What it printed so far. */
  stdout(): string;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<Result>;
  readonly ended: Promise<Result>;
}

/** Starts a program; it is killed after `timeoutMs`, a minute by default. */
export function start(file: string, args: readonly string[], options: RunOptions): Running {
  const { env, input = '', cwd, timeoutMs = 60_000 } = options;
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'], ...env },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  // A program that ends without reading its input closes it.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Result>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    stdout: () => stdout,
    stop() {
      child.kill();
      return ended;
    },
    ended,
  };
}

/** Runs a program to its end. */
export function run(file: string, args: readonly string[], options: RunOptions): Promise<Result> {
  return start(file, args, options).ended;
}
