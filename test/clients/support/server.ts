import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { parse } from 'yaml';
import type { Ready } from '../../../cli/ready-file.ts';
import { launch, type Launched, untilReady } from '../../support/launch.ts';

/** A product whose reconcilers are off, so that objects hold what their writers wrote. */
export const apiOnly = { DATUM_ROLES: 'gateway,subgraph,kubernetes' };

/** One HTTP exchange. */
export interface Call {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: Buffer;
  /** The body read as JSON; undefined when it is none. */
  // Tests look into answers of every shape.
  readonly body: any;
}

/** A running product as its Kubernetes clients see it. */
export interface Server {
  readonly ready: Ready;
  readonly launched: Launched;
  readonly url: string;
  readonly token: string;
  readonly kubeconfig: string;
  /** Certificate of the authority that signed the server's. */
  readonly ca: string;
  /** Folder for the clients' files, removed with the server. */
  readonly folder: string;
  /** Sends a request as admin; headers override. */
  call(call: Call): Promise<Answer>;
}

/** Starts a product; the caller stops it. */
export function startServer(env: Readonly<Record<string, string>> = apiOnly): Promise<Server> {
  return startIn(mkdtempSync(join(tmpdir(), 'datum-clients-')), env);
}

/** Stops a product and starts it again on the same data; it may get other ports. */
export async function restartServer({ launched, folder }: Server, env = apiOnly): Promise<Server> {
  await launched.stop();
  return startIn(folder, env);
}

async function startIn(folder: string, env: Readonly<Record<string, string>>): Promise<Server> {
  const launched = launch(join(folder, 'data'), env);
  const ready = await untilReady(launched);
  const { kubernetes: url, kubeconfig, token } = ready;
  if (url === null || kubeconfig === null)
    throw new Error(`the product serves no Kubernetes API:\n${launched.output()}`);
  const ca = authorityOf(kubeconfig);
  return { ready, launched, url, token, kubeconfig, ca, folder, call: (call) => send({ url, token, ca }, call) };
}

/** Stops a product and removes its folder. */
export async function stopServer({ launched, folder }: Server): Promise<void> {
  await launched.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** One product for all tests of a file. */
export function serverOfFile(env: Readonly<Record<string, string>> = apiOnly): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await startServer(env);
  });
  afterAll(async () => {
    if (server !== undefined) await stopServer(server);
  });
  return () => {
    if (server === undefined) throw new Error('the server runs only while tests do');
    return server;
  };
}

/** Makes a namespace with a name of its own. */
export async function freshNamespace(server: Server, prefix = 'client-'): Promise<string> {
  const { status, body } = await server.call({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: prefix } },
  });
  if (status !== 201) throw new Error(`no namespace: ${status} ${JSON.stringify(body)}`);
  return body.metadata.name as string;
}

/** Certificate of the authority in a kubeconfig, PEM. */
export function authorityOf(kubeconfig: string): string {
  const { clusters } = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: { 'certificate-authority-data': string } }[];
  };
  return Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
}

/** Sends a request as admin to a server, or to what stands before it. */
export function send({ url, token, ca }: Pick<Server, 'url' | 'token' | 'ca'>, call: Call): Promise<Answer> {
  const { method = 'GET', path, headers, body } = call;
  const content = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      {
        method,
        ca,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(content === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const raw = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, raw, body: parsed(raw) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(content);
  });
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return undefined;
  }
}
