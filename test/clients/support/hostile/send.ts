import { Agent, request } from 'node:https';
import type { Server } from '../server.ts';
import type { HostileRequest } from './requests.ts';

/** What came of a hostile request: a status, or how the connection ended. */
export type Outcome = { readonly status: number; readonly text: string } | { readonly error: string };

/** A sender with keep-alive connections. */
export interface Sender {
  send(hostile: HostileRequest): Promise<Outcome>;
  close(): void;
}

const watchReadMs = 150;
const answerLimitMs = 30_000;

/** Sends hostile requests as admin; a stream that stays open is cut after a moment. */
export function hostileSender({ url, token, ca }: Server, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca });
  const { hostname, port } = new URL(url);
  return {
    close: () => agent.destroy(),
    send: ({ method, path, headers, body }) =>
      new Promise((resolve) => {
        const sent = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            timeout: answerLimitMs,
            headers: {
              authorization: `Bearer ${token}`,
              ...(body === undefined ? {} : { 'content-length': body.length }),
              ...headers,
            },
          },
          (response) => {
            const status = response.statusCode ?? 0;
            const chunks: Buffer[] = [];
            const finish = (): void => {
              clearTimeout(timer);
              // Only what went wrong is shown.
              resolve({ status, text: status >= 500 ? Buffer.concat(chunks).toString().slice(0, 500) : '' });
            };
            const isWatch = /[?&]watch=/.test(path) && status === 200;
            const timer = setTimeout(() => isWatch && sent.destroy(), watchReadMs);
            response.on('data', (chunk: Buffer) => status >= 500 && chunks.push(chunk));
            response.on('end', finish);
            response.on('close', finish);
            response.on('error', finish);
          },
        );
        sent.on('timeout', () => sent.destroy(new Error(`no answer within ${answerLimitMs} ms`)));
        sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
        sent.end(body);
      }),
  };
}
