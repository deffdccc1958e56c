import type { Server, Socket } from 'node:net';
import type { Addresses } from './addresses.ts';
import { createArrivals, ignore } from './arrivals.ts';

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
  /** For answers that are owed when the server stops. */
  leaveMs: 5_000,
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

/** A refused connection is kept, unread, so long before it is closed, at random: that slows down who then opens the next. */
const refusedMs = { least: 500, most: 2_000 };
/** Beyond so many, refused connections are closed at once. */
const mostRefused = 1_000;

/**
 * Refuses connections of addresses that have or open too many, before anything is read, TLS included. To be called when the
 * server has all its listeners for connections.
 */
export function limitConnections(server: Server, addresses: Addresses): void {
  const listeners = server.listeners('connection');
  const arrive = createArrivals((socket) => {
    for (const listener of listeners) listener.call(server, socket);
  });
  let refused = 0;
  const refuse = (socket: Socket): void => {
    if (refused >= mostRefused) return void socket.destroy();
    refused += 1;
    socket.pause().on('error', ignore);
    const timer = setTimeout(
      () => socket.destroy(),
      refusedMs.least + Math.random() * (refusedMs.most - refusedMs.least),
    );
    socket.once('close', () => {
      refused -= 1;
      clearTimeout(timer);
    });
  };
  // In the place of the others, for which a refused connection would be work.
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const release = addresses.connect(remoteAddress);
    if (release === undefined) return refuse(socket);
    socket.once('close', release);
    arrive(remoteAddress, socket);
  });
}
