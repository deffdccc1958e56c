import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** One call on its way. */
export interface RelayedCall {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Where somebody steps in: before a call reaches the other side, or after that has done it, before its answer gets back. */
export type Moment = 'before' | 'after';

export interface Relay {
  readonly origin: string;
  /** Calls so far. */
  count(): number;
}

/**
 * A server that hands every call on to `target`. `meet` is asked at both moments of each call; what it does is waited for,
 * and where it answers `cut` the caller hears nothing more. Closed when the running test ends.
 */
export async function startRelay(
  target: string,
  meet: (call: RelayedCall, moment: Moment) => Promise<'cut' | undefined>,
): Promise<Relay> {
  const agent = new Agent({ keepAlive: true });
  let number = 0;

  async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const call = { number: (number += 1), method, path, headers };
    const body = await buffer(incoming);
    if ((await meet(call, 'before')) === 'cut') return void incoming.socket.destroy();
    const sent = request(`${target}${path}`, { method, headers: { ...headers, host: new URL(target).host }, agent });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const text = await buffer(answer);
    if ((await meet(call, 'after')) === 'cut') return void incoming.socket.destroy();
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
  }

  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    // The caller or the target is gone; both know by their connections.
    relay(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => number };
}
