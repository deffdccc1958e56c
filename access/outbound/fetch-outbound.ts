import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { AddressRule } from './address-rules.ts';
import { pinnedLookup, resolveAll, type ResolveAll } from './pinned-lookup.ts';
import { RefusedUrl } from './refused-url.ts';

/** What a request to a URL of somebody else's making may do. */
export interface OutboundRules {
  readonly allows: AddressRule;
  /** For all of it, redirects included, in ms. Default 10 s. */
  readonly timeoutMs?: number;
  /** Size of an answer. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Default 3. */
  readonly maxRedirects?: number;
  /** Whether plain HTTP will do; default false. */
  readonly allowsHttp?: boolean;
  /** Authority to trust beyond those of the system, PEM. */
  readonly ca?: string;
  /** How names are resolved; default as the system does. */
  readonly resolve?: ResolveAll;
}

export interface OutboundRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Names that clouds give to what hands out credentials; their addresses are refused too. */
const refusedNames =
  /^(?:metadata|instance-data|metadata\.google\.internal|metadata\.goog)$|(?:^|\.)(?:localhost|local)$/;
/** What must not follow to another origin. */
const credentialHeaders = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * Sends a request to a URL that a tenant has set. It reaches only addresses that the rules allow, whatever the name
 * resolves to and wherever redirects lead, takes a bounded time and brings a bounded answer. Throws RefusedUrl.
 */
export async function fetchOutbound(
  url: string,
  request: OutboundRequest,
  rules: OutboundRules,
): Promise<OutboundAnswer> {
  const { timeoutMs = 10_000, maxRedirects = 3 } = rules;
  const signal = AbortSignal.timeout(timeoutMs);
  let target = checkedUrl(url, rules);
  let { method = 'GET', headers = {}, body } = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(target, { method, headers, body }, rules, signal);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    if (redirects === maxRedirects) throw new RefusedUrl(`${hostOf(url)} redirects too often`);
    const next = checkedUrl(location, rules, target);
    if (target.protocol === 'https:' && next.protocol !== 'https:')
      throw new RefusedUrl(`${target.host} redirects from https to http`);
    if (next.origin !== target.origin) headers = withoutCredentials(headers);
    // As browsers do: only 307 and 308 send the same thing again.
    if (answer.status < 307) [method, body] = ['GET', undefined];
    target = next;
  }
}

/** The URL, if it may be asked at all. */
function checkedUrl(text: string, { allows, allowsHttp = false }: OutboundRules, base?: URL): URL {
  const url = URL.parse(text, base);
  if (url === null) throw new RefusedUrl('not a URL');
  if (url.protocol !== 'https:' && !(allowsHttp && url.protocol === 'http:'))
    throw new RefusedUrl(`${url.protocol}// is not allowed`);
  if (url.username !== '' || url.password !== '') throw new RefusedUrl('a URL with credentials is not allowed');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  // An address is connected to without being looked up.
  if (isIP(host) !== 0 ? !allows(host) : refusedNames.test(host))
    throw new RefusedUrl(`${host} is an address that is not allowed`);
  return url;
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function send(
  url: URL,
  { method, headers, body }: Sent,
  rules: OutboundRules,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const { allows, maxBytes = 1024 * 1024, resolve = resolveAll, ca } = rules;
  const options: RequestOptions = {
    method,
    headers: {
      ...headers,
      // What is packed small could be unpacked to anything.
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
    lookup: pinnedLookup(allows, resolve),
    // A connection of its own: one that is kept was opened for somebody else's name.
    agent: false,
    maxHeaderSize: 16 * 1024,
    signal,
  };
  return new Promise((done, fail) => {
    const failed = (error: Error): void => {
      if (error instanceof RefusedUrl) return fail(error);
      fail(new RefusedUrl(`${url.host} ${signal.aborted ? 'took too long' : 'cannot be reached'}`, { cause: error }));
    };
    const sent =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca === undefined ? {} : { ca }) }, read)
        : httpRequest(url, options, read);
    sent.on('error', failed).end(body);

    function read(response: IncomingMessage): void {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= maxBytes) return;
        fail(new RefusedUrl(`the answer of ${url.host} has more than ${maxBytes} bytes`));
        response.destroy();
      });
      response.on('error', failed);
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, bytes) }),
      );
    }
  });
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !credentialHeaders.includes(name.toLowerCase())),
  );
}

function hostOf(url: string): string {
  return new URL(url).host;
}
