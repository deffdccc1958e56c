import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registry } from '../telemetry/registry.ts';

export interface MetricsServer {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/metrics` for Prometheus, and `/livez` and `/readyz`, which every role has so. Rejects when the port is taken. */
export async function startMetricsServer(options: {
  readonly host: string;
  readonly port: number;
  /** What keeps this process from doing its work; undefined when nothing does. */
  readonly notReady: () => string | undefined;
}): Promise<MetricsServer> {
  const { host, port, notReady } = options;

  async function serve({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, 'only GET');
    switch (url?.split('?', 1)[0]) {
      case '/metrics':
        return answer(response, 200, await registry.metrics(), registry.contentType);
      case '/livez':
        return answer(response, 200, 'ok');
      case '/readyz': {
        const reason = notReady();
        return answer(response, reason === undefined ? 200 : 503, reason ?? 'ok');
      }
      default:
        return answer(response, 404, 'not found');
    }
  }

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => void serve(request, response));
  server.maxConnections = 64;
  server.listen(port, host);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
