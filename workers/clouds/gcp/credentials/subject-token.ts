import { readFile } from 'node:fs/promises';
import { credentialsFailed } from './failure.ts';
import type { Subject } from './source.ts';

const maxBytes = 64 * 1024;
/** Fetches from a URL that is in somebody's configuration, guarded against being led astray; throws what went wrong. */
export type FetchSubject = (url: string, headers: Readonly<Record<string, string>>) => Promise<string>;

/** The token by which another party says who the product is. Throws GcpError. */
export async function subjectToken({ from, field }: Subject, fetchSubject: FetchSubject): Promise<string> {
  let text: string;
  try {
    text = 'file' in from ? await readFile(from.file, 'utf8') : await fetchSubject(from.url, from.headers);
  } catch (error) {
    throw credentialsFailed('unavailable', `the subject token cannot be read: ${(error as Error).message}`);
  }
  const token = field === undefined ? text.trim() : fieldOf(text, field);
  if (typeof token !== 'string' || token === '' || token.length > maxBytes)
    throw credentialsFailed('refused', 'the source of the subject token holds none');
  return token;
}

function fieldOf(text: string, field: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && Object.hasOwn(json, field)
      ? (json as Record<string, unknown>)[field]
      : undefined;
  } catch {
    return undefined;
  }
}
