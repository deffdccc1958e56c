import type { Server, Socket } from 'node:net';
import type { Addresses } from './addresses.ts';

/** How long servers wait, in ms, and what they read. The same at every door. */
export const patience = {
  /** For a TLS handshake. */
  handshakeMs: 10_000,
  /** For all headers of a request. */
  headersMs: 10_000,
  /** For a whole request, with its body. */
  requestMs: 60_000,
  /** For the next request; longer than load balancers keep a connection, so that they do not find it closed. */
  keepAliveMs: 75_000,
  /** For a client that takes nothing of what waits for it. */
  stalledMs: 30_000,
  /** A WebSocket's peer is asked for a sign of life this often; without one it is cut off when it is asked again. */
  pingMs: 12_000,
  /** How often Node looks for connections that are late. It cuts all of them at once, so it should not find many. */
  lookEveryMs: 200,
  maxHeaderBytes: 16 * 1024,
  maxUrlBytes: 8 * 1024,
} as const;

export type Patience = { readonly [name in keyof typeof patience]: number };

/** Options of a node:http server that does not wait for ever. */
export function httpOptions(times: Patience) {
  return {
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    keepAliveTimeout: times.keepAliveMs,
    connectionsCheckingInterval: times.lookEveryMs,
    maxHeaderSize: times.maxHeaderBytes,
  };
}

/** Refuses connections of addresses that have or open too many, before anything is read, TLS included. */
export function limitConnections(server: Server, addresses: Addresses): void {
  // First of all who listen: what is refused must cost nothing.
  server.prependListener('connection', (socket: Socket) => {
    const release = addresses.connect(socket.remoteAddress ?? '');
    if (release === undefined) socket.destroy();
    else socket.once('close', release);
  });
}
