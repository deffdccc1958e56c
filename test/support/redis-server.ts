import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** Why there can be no Redis here, or undefined. */
export const noRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not on the path';

/** Starts a Redis that keeps nothing, and waits until it takes connections. */
export async function startRedis(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options);
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  return server;
}
