import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { startRedis } from './redis-server.ts';

export { noRedis } from './redis-server.ts';

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
  let server = await startRedis(port);
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
      server = await startRedis(port);
    },
  };
}
