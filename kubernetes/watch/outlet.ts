import type { Output } from '../http/call.ts';

/** What may wait for a client that reads slowly; with more it is cut off. */
const mostWaitingBytes = 4 * 1024 * 1024;
/** What goes to the socket at once out of that. */
const pieceBytes = 64 * 1024;

/** Where one watcher's lines go. */
export interface Outlet {
  /** Writes past what is held and waits until the client has taken it. */
  write(chunk: string | Buffer): Promise<void>;
  /** Writes without waiting; what the client cannot take yet is kept, in order. */
  send(chunk: Buffer): void;
  /** From now on nothing is held back. */
  release(): void;
  /** Forgets everything that waits. */
  close(): void;
}

/** An outlet that holds back what is sent until it is released. `tooSlow` is called once, when too much waits. */
export function createOutlet(out: Output, tooSlow: () => void): Outlet {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isHeld = true;
  let isBlocked = false;
  let isClosed = false;

  function close(): void {
    isClosed = true;
    waiting = [];
  }

  function put(chunk: Buffer): void {
    if (out.write(chunk)) return;
    isBlocked = true;
    void out.drained().then(() => {
      isBlocked = false;
      proceed();
    });
  }

  function proceed(): void {
    if (waiting.length === 0 || isClosed) return;
    let pieces = 0;
    let bytes = 0;
    while (pieces < waiting.length && bytes < pieceBytes) bytes += waiting[pieces++]?.length ?? 0;
    waitingBytes -= bytes;
    put(Buffer.concat(waiting.splice(0, pieces), bytes));
    if (!isBlocked) proceed();
  }

  return {
    async write(chunk) {
      if (!isClosed && !out.write(chunk)) await out.drained();
    },
    send(chunk) {
      if (isClosed) return;
      if (!isHeld && !isBlocked) return put(chunk);
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes <= mostWaitingBytes) return;
      close();
      tooSlow();
    },
    release() {
      isHeld = false;
      if (!isBlocked) proceed();
    },
    close,
  };
}
