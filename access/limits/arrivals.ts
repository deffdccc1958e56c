import type { Socket } from 'node:net';

/** New connections that are begun in one turn of the event loop: each is a handshake, which is work that cannot be cut. */
const mostPerTurn = 4;

/**
 * Answers what begins connections of a server by `begin`, a few at a time: those of one address in their order, of several
 * addresses in turn, so that a crowd from one of them does not make others wait.
 */
export function createArrivals(begin: (socket: Socket) => void): (address: string, socket: Socket) => void {
  const waiting = new Map<string, Socket[]>();
  let begun = 0;
  let isTurnOver = false;

  function endTurn(): void {
    if (isTurnOver) return;
    isTurnOver = true;
    setImmediate(() => {
      isTurnOver = false;
      begun = 0;
      for (const [address, sockets] of waiting) {
        if (begun >= mostPerTurn) break;
        waiting.delete(address);
        const socket = sockets.shift();
        // Behind all others.
        if (sockets.length > 0) waiting.set(address, sockets);
        if (socket === undefined) continue;
        socket.removeListener('error', ignore);
        if (!socket.destroyed) start(socket);
      }
      if (waiting.size > 0) endTurn();
    });
  }

  function start(socket: Socket): void {
    begun += 1;
    endTurn();
    begin(socket);
  }

  return (address, socket) => {
    const before = waiting.get(address);
    if (before === undefined && begun < mostPerTurn) return start(socket);
    socket.on('error', ignore);
    if (before === undefined) waiting.set(address, [socket]);
    else before.push(socket);
  };
}

/** Whoever goes while he waits has gone. */
export function ignore(): void {}
