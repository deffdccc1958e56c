import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The best first; a file has a twin with this ending where that is smaller. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Names that are the API's, whether there is something below them today or not: no page of the console is there. */
const ofApi = new Set(['graphql', 'healthz', 'livez', 'readyz', 'metrics', 'projects', 'api', 'apis', 'assets']);

interface File {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
  readonly plain: Buffer;
  readonly encoded: ReadonlyMap<string, Buffer>;
}

/** Answers a request with a file of the console, or its page; false where neither is meant. */
export type ServeConsole = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Serves the console that was built into a folder. It is read once, and held in memory: a few hundred kilobytes. Undefined
 * where there is none.
 */
export function consoleFiles(folder: string): ServeConsole | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = readAll(folder);
  const page = files.get('/index.html');
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const file = files.get(path) ?? (isPage(path, request) ? page : undefined);
    if (file === undefined) return false;
    send(file, request, response);
    return true;
  };
}

/** Whether a browser asks for a page of the console; it shows what the path says, and that there is no such thing. */
function isPage(path: string, { headers }: IncomingMessage): boolean {
  const [, first = ''] = path.split('/', 2);
  return path === '/' || (headers.accept?.includes('text/html') === true && !ofApi.has(first));
}

function send(file: File, { headers, method }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('cache-control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  if (headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const accepted = String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((each) => each.split(';', 1)[0]?.trim());
  const [encoding] = encodings.find(([name]) => accepted.includes(name) && file.encoded.has(name)) ?? [];
  const body = (encoding === undefined ? undefined : file.encoded.get(encoding)) ?? file.plain;
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.length,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function readAll(folder: string): ReadonlyMap<string, File> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const files = names.flatMap((name): [string, File][] => {
    const type = types[extname(name)];
    if (type === undefined) return [];
    const plain = readFileSync(join(folder, name));
    const encoded = encodings.flatMap(([encoding, ending]) =>
      names.includes(name + ending) ? [[encoding, readFileSync(join(folder, name + ending))] as const] : [],
    );
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    return [[`/${name}`, { type, etag, isHashed: name.startsWith('assets/'), plain, encoded: new Map(encoded) }]];
  });
  return new Map(files);
}
