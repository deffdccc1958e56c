import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A TCP proxy on a free port of this machine whose connections can be cut. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts all connections, or those that the choice falls on; new ones are taken. */
  cut(choose?: () => boolean): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of the port of this machine that `target` says at the time of a connection. With `bytesPerMs` answers
 * come through it as slowly as that, in pieces that know nothing of messages.
 */
export async function cuttingProxy(target: () => number, bytesPerMs?: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(target(), '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      // What one side said last still gets to the other.
      client.destroySoon();
      upstream.destroySoon();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    if (bytesPerMs === undefined) upstream.pipe(client);
    else upstream.pipe(trickle(bytesPerMs)).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (choose = (): boolean => true): void => {
    for (const [client] of pairs) if (choose()) client.resetAndDestroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
  };
}

/** Lets through so many bytes at a time. */
function trickle(bytesPerMs: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _, done) {
      for (let at = 0; at < chunk.length; at += bytesPerMs) {
        this.push(chunk.subarray(at, at + bytesPerMs));
        await sleep(1);
      }
      done();
    },
  });
}
