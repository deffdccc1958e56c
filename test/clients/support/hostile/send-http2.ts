import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Server } from '../server.ts';
import type { HostileRequest } from './requests.ts';
import type { Outcome, Sender } from './send.ts';

const watchReadMs = 150;

/** Sends hostile requests as streams of one connection; a new one is made when it is gone. */
export function hostileHttp2Sender({ url, token, ca }: Server): Sender {
  let session: ClientHttp2Session | undefined;
  const connected = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(url, { ca });
      // Shown by its streams.
      session.on('error', () => {});
    }
    return session;
  };
  return {
    close: () => session?.destroy(),
    send: ({ method, path, headers, body }: HostileRequest) =>
      new Promise<Outcome>((resolve) => {
        const stream = connected().request(
          { authorization: `Bearer ${token}`, ...headers, ':method': method, ':path': path },
          { endStream: body === undefined },
        );
        let status = 0;
        let text = '';
        let watching: NodeJS.Timeout | undefined;
        stream.on('response', (answer) => {
          status = Number(answer[':status']);
          if (status === 200 && /[?&]watch=/.test(path)) {
            watching = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), watchReadMs);
          }
        });
        stream.on('data', (chunk: Buffer) => {
          if (status >= 500 && text.length < 500) text += chunk.toString();
        });
        stream.on('error', (error: NodeJS.ErrnoException) => {
          if (status === 0) resolve({ error: error.code ?? error.message });
        });
        stream.on('close', () => {
          clearTimeout(watching);
          resolve(status === 0 ? { error: `closed with ${stream.rstCode}` } : { status, text });
        });
        if (body !== undefined) stream.end(body);
      }),
  };
}
