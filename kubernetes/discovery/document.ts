import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Answer, Call } from '../http/call.ts';

/** A whole answer that is made once and kept. */
export interface Document {
  readonly type: string;
  readonly body: Buffer;
  /** Present where it is worth it. */
  readonly gzip?: Buffer;
  /** SHA-512 of the body, in upper-case hexadecimal. */
  readonly hash: string;
}

/** Below it compressing costs more than it saves. */
const gzipFromBytes = 32 * 1024;

/** Prepares a document for many answers. */
export function documentOf(type: string, content: string | Uint8Array): Document {
  const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const hash = createHash('sha512').update(body).digest('hex').toUpperCase();
  return { type, body, hash, ...(body.length < gzipFromBytes ? {} : { gzip: gzipSync(body) }) };
}

/** The document, compressed where the client can read that; 304 when the client has it already. */
export function documentAnswer(
  { headers }: Pick<Call, 'headers'>,
  { type, body, gzip, hash }: Document,
  more: Readonly<Record<string, string>> = {},
): Answer {
  const compressed = gzip !== undefined && acceptsGzip(headers['accept-encoding']);
  // The two encodings differ in bytes, so a strong tag has to tell them apart; a client may come back with either.
  const tags = [`"${hash}"`, `"${hash}-gzip"`];
  const common = {
    etag: tags[compressed ? 1 : 0] ?? '',
    vary: gzip === undefined ? 'Accept' : 'Accept, Accept-Encoding',
    ...more,
  };
  if (hasTag(headers['if-none-match'], tags)) return { status: 304, type, headers: common, body: '' };
  if (!compressed) return { status: 200, type, headers: common, body };
  return { status: 200, type, headers: { ...common, 'content-encoding': 'gzip' }, body: gzip };
}

function hasTag(header: string | undefined, tags: readonly string[]): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => {
    const wanted = tag.trim().replace(/^W\//, '');
    return wanted === '*' || tags.includes(wanted);
  });
}

function acceptsGzip(header: string | readonly string[] | undefined): boolean {
  const items = (header ?? '').toString().toLowerCase().split(',');
  return items.some((item) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/.test(item));
}
