import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on a free port of this machine whose connections can be cut. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts all connections, or those that the choice falls on; new ones are taken. */
  cut(choose?: () => boolean): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the port of this machine that `target` says at the time of a connection. */
export async function cuttingProxy(target: () => number): Promise<CuttingProxy> {
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
    client.pipe(upstream).pipe(client);
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
