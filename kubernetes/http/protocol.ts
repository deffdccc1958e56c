import type { ServerHttp2Session, Settings } from 'node:http2';
import type { Patience } from '../../access/limits/listening.ts';

/** Streams of one connection: as many as clients of Kubernetes are used to. */
const maxConcurrentStreams = 1_000;
/** Streams that a client may take back: at once, then each second. What it asks for and drops costs us all the same. */
const streamResetBurst = 1_000;
const streamResetRate = 33;
/** A peer that is gone without a word is found out by TCP. */
const keepAliveInitialDelay = 30_000;

/** What one connection may do, of either version of HTTP. */
export function protocolOptions({ handshakeMs, maxHeaderBytes }: Patience) {
  const settings: Settings = { maxConcurrentStreams, maxHeaderListSize: 2 * maxHeaderBytes };
  return {
    settings,
    streamResetBurst,
    streamResetRate,
    handshakeTimeout: handshakeMs,
    minVersion: 'TLSv1.2',
    keepAlive: true,
    keepAliveInitialDelay,
  } as const;
}

/** Ends a connection of HTTP/2 on which nothing was under way for so long. */
export function tameSession(session: ServerHttp2Session, idleMs: number): void {
  let streams = 0;
  session.on('stream', (stream) => {
    streams += 1;
    stream.once('close', () => void (streams -= 1));
  });
  session.setTimeout(idleMs, () => {
    if (streams === 0) session.close();
  });
}
