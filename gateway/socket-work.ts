import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket, WebSocketServer } from 'ws';

/** Close code of a server that leaves: clients come back, to another one. */
const goingAwayCode = 1001;
const lookEveryMs = 10;

/** Which connections have operations that owe an answer: queries, mutations, and subscriptions until they stream. */
export interface SocketWork {
  begin(socket: WebSocket, id: string): void;
  end(socket: WebSocket, id: string): void;
  /** Closes each connection as soon as it owes nothing; resolves when all have, or after `graceMs`. */
  leave(sockets: WebSocketServer, graceMs: number): Promise<void>;
}

export function createSocketWork(): SocketWork {
  const owed = new WeakMap<WebSocket, Set<string>>();
  return {
    begin(socket, id) {
      const ids = owed.get(socket);
      if (ids === undefined) owed.set(socket, new Set([id]));
      else ids.add(id);
    },
    end: (socket, id) => void owed.get(socket)?.delete(id),
    async leave(sockets, graceMs) {
      const untilMs = performance.now() + graceMs;
      for (;;) {
        let busy = 0;
        for (const socket of sockets.clients) {
          if (socket.readyState !== socket.OPEN) continue;
          if ((owed.get(socket)?.size ?? 0) > 0) busy += 1;
          else socket.close(goingAwayCode, 'Going away');
        }
        if (busy === 0 || performance.now() >= untilMs) return;
        await sleep(lookEveryMs);
      }
    },
  };
}
