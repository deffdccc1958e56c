import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Answers that a server owes its clients, so that it can leave without breaking off one of them. */
export interface UnderWay {
  /** Counts an answer until it was sent or its client is gone. Once the server leaves, its connection ends with it. */
  add(response: ServerResponse): void;
  /** Resolves when no answer is owed but event streams, which have no end, or when `graceMs` are over. */
  settled(graceMs: number): Promise<void>;
}

const lookEveryMs = 10;

/** `leaving` aborts when the server begins to leave: from then on clients are told to come by another connection next time. */
export function createUnderWay(leaving: AbortSignal): UnderWay {
  const owed = new Set<ServerResponse>();
  leaving.addEventListener('abort', () => owed.forEach(endConnection), { once: true });
  return {
    add(response) {
      owed.add(response);
      response.once('close', () => owed.delete(response));
      if (leaving.aborted) endConnection(response);
    },
    async settled(graceMs) {
      const untilMs = performance.now() + graceMs;
      while ([...owed].some((response) => !isEventStream(response)) && performance.now() < untilMs)
        await sleep(lookEveryMs);
    },
  };
}

/** HTTP/1.1 is told in the head of the answer, if that is still to come; HTTP/2 by a frame of its own when the server closes. */
function endConnection(response: ServerResponse): void {
  if (response.req.httpVersionMajor < 2) response.shouldKeepAlive = false;
}

/** Whether an answer goes on for as long as its client listens. */
export function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
