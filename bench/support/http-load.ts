import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { throughput } from './row.ts';

/** What a load generator sends, again and again. */
export interface Load {
  readonly url: string;
  readonly token: string;
  readonly body: string;
  readonly total: number;
  readonly clients: number;
}

/** Sends a load from a thread of its own, so that only the server's work counts; answers requests per second. */
export async function httpLoad(load: Load): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: load });
  const [perSecond] = (await once(worker, 'message')) as [number];
  await worker.terminate();
  return perSecond;
}

function send({ url, token, body }: Load, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 200 && !text.includes('"errors"') ? resolve() : reject(new Error(text)),
      );
    });
    sent.on('error', reject).end(body);
  });
}

if (!isMainThread && parentPort !== null) {
  const load = workerData as Load;
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients });
  parentPort.postMessage(await throughput(load.total, load.clients, () => send(load, agent)));
  agent.destroy();
}
