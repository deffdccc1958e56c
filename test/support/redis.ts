import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

/** Why tests with Redis cannot run here, or undefined. */
export const noRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not on the path';

/** A Redis that keeps nothing. */
export interface TestRedis {
  readonly url: string;
  /** Kills it and starts it again at the same place, without its data. */
  lose(): Promise<void>;
}

/** A Redis of the running test's own, stopped when it ends. */
export async function testRedis(): Promise<string> {
  return (await losableRedis()).url;
}

/** The same, that can lose all it has. */
export async function losableRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server = await start(port);
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }
  onTestFinished(() => end('SIGTERM'));
  return {
    url: `redis://127.0.0.1:${port}`,
    async lose() {
      await end('SIGKILL');
      server = await start(port);
    },
  };
}

async function start(port: number) {
  const server = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  return server;
}
