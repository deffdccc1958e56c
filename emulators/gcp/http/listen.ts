import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

// An import of this module would load all that it exports, a WebSocket client among it, and make the start slower by half.
const { createServer } = process.getBuiltinModule('node:http');

/** Longer than clients keep an idle connection, so that none is cut just as it is used again. */
const KEEP_ALIVE_MS = 75_000;

export interface Listening {
  readonly origin: string;
  /** Stops at once: open connections are cut. */
  close(): Promise<void>;
}

/** Serves on the port, 0 for a free one. Rejects with one line when the port is taken or not allowed. */
export function listen(host: string, port: number, listener: RequestListener): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(refusal(host, port, error), { cause: error })),
    );
    server.listen(port, host, () => resolve({ origin: originOf(host, server), close: () => closeServer(server) }));
  });
}

function originOf(host: string, server: Server): string {
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function refusal(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `the GCP emulator cannot listen on ${host}:${port}: the port is taken`;
    case 'EACCES':
      return `the GCP emulator may not listen on ${host}:${port}: choose a port above 1023`;
    default:
      return `the GCP emulator cannot listen on ${host}:${port}: ${error.message}`;
  }
}
