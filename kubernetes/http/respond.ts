import type { ServerResponse } from 'node:http';
import { renderStatus } from '../form/render.ts';
import type { ApiError } from '../status/status.ts';
import type { Answer, Output } from './call.ts';
import type { Turn } from './turn.ts';

/** Writes an answer; resolves when a stream has ended. */
export async function respond(
  response: ServerResponse,
  requestId: string,
  answer: Answer,
  headOnly: boolean,
  client: Client,
): Promise<void> {
  const { status, type = 'application/json', headers = {}, warnings = [], body } = answer;
  const all: Record<string, string | string[]> = {
    'audit-id': requestId,
    'cache-control': 'no-cache, private',
    ...(type === '' ? {} : { 'content-type': type }),
    ...(headers as Record<string, string | string[]>),
  };
  if (warnings.length > 0) all['warning'] = warningHeaders(warnings);
  if (typeof body === 'function') {
    response.writeHead(status, all);
    // A watch without events must still tell its client that it is open.
    response.flushHeaders();
    if (!headOnly) await body(outputOf(response, client));
    response.end();
    return;
  }
  if (status !== 304) all['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.length);
  response.writeHead(status, all);
  response.end(headOnly || status === 304 ? undefined : body);
}

/** The answer that a refusal is, in an encoding that the client takes. */
export function answerOf({ status, headers, warnings }: ApiError, accept?: string): Answer {
  return {
    ...renderStatus(accept, status),
    status: status.code ?? 500,
    warnings,
    headers: { ...(status.code === 403 ? { 'x-content-type-options': 'nosniff' } : {}), ...headers },
  };
}

/** More would be refused by the HTTP libraries of clients, with the answer. */
const maxWarningCharacters = 4096;
const maxShortened = 256;

/** Values of the `Warning` headers: all in full, or as many as fit when each is shortened. */
function warningHeaders(warnings: readonly string[]): string[] {
  const whole = warnings.reduce((sum, text) => sum + text.length, 0) <= maxWarningCharacters;
  if (whole) return warnings.map(warningHeader);
  return warnings
    .slice(0, maxWarningCharacters / maxShortened)
    .map((text) => warningHeader(text.slice(0, maxShortened)));
}

function warningHeader(text: string): string {
  // Header values are Latin-1 without control characters; escapes keep the rest readable.
  const safe = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `299 - "${safe}"`;
}

/** What is known of who reads. */
export interface Client {
  readonly turn: Pick<Turn, 'away'>;
  /** How long it may take nothing of what waits for it. */
  readonly stalledMs: number;
}

function outputOf(response: ServerResponse, { turn, stalledMs }: Client): Output {
  /** Whether a drain is to come; asking when none is would wait for ever. */
  let full = false;
  const gone = (): boolean => response.destroyed || response.writableEnded;
  response.on('drain', () => (full = false));
  return {
    write(chunk) {
      if (gone()) return false;
      full = !response.write(chunk);
      return !full;
    },
    gone,
    waiting: () => response.writableLength,
    drained: () =>
      gone() || !full ? Promise.resolve() : turn.away(response.writableLength, () => drainOrClose(response, stalledMs)),
  };
}

function drainOrClose(response: ServerResponse, stalledMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stalled = (): void => void response.destroy();
    response.setTimeout(stalledMs, stalled);
    const done = (): void => {
      response.setTimeout(0);
      response.off('timeout', stalled);
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
