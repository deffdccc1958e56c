import { onTestFinished } from 'vitest';
import { type GcpEmulatorOptions, startGcpEmulator } from '../../emulators/gcp/start.ts';
import { createGcpClient, type GcpClient, type GcpClientOptions } from '../../workers/clouds/gcp/client.ts';
import { noLimits } from '../../workers/clouds/gcp/limits.ts';

/** An emulator for the running test, with the product's own client. */
export interface EmulatedCloud {
  readonly origin: string;
  readonly controlOrigin: string;
  readonly client: GcpClient;
  /** Calls the control API; see emulators/gcp/README.md. Throws what it refuses. */
  control(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Another client, such as one that shows a token. */
  clientWith(options: GcpClientOptions): GcpClient;
}

/** Starts it; every answer is checked by Google's schema. It stops when the test ends. */
export async function emulatedCloud(options: Partial<GcpEmulatorOptions> = {}): Promise<EmulatedCloud> {
  const running = await startGcpEmulator({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    latency: 'none',
    check: true,
    ...options,
  });
  const clients: GcpClient[] = [];
  const clientWith = (more: GcpClientOptions) => {
    const client = createGcpClient({ endpoint: running.origin, limits: noLimits, timeoutMs: 5_000, ...more });
    clients.push(client);
    return client;
  };
  onTestFinished(async () => {
    for (const client of clients) client.close();
    await running.close();
  });
  return {
    origin: running.origin,
    controlOrigin: running.controlOrigin,
    client: clientWith({}),
    clientWith,
    async control(method, path, body) {
      const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(running.controlOrigin + path, init);
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
  };
}
