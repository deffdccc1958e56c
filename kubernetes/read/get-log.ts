import { whileValid } from '../../access/sessions/while-valid.ts';
import { type ConsolePage, followConsole, isConsolePage, type NoConsole } from '../../store/machine-console.ts';
import type { Answer, Call, Output } from '../http/call.ts';
import type { Parts } from '../http/parts.ts';
import type { Target } from '../http/target.ts';
import { isTrue } from '../http/verb.ts';
import { fromStore } from '../status/from-store.ts';
import { badRequest, invalid, objectNotFound } from '../status/refusals.ts';
import type { Cause } from '../status/status.ts';
import { whileAllowed } from '../watch/while-allowed.ts';
import { wholeNumber } from './list-options.ts';

/** A client that has so much still to read is not sent more, in bytes. */
const mostWaitingBytes = 4 * 1024 * 1024;

/** Parameters of a pod's log that a serial console has nothing for. */
const withoutMeaning = ['container', 'previous', 'sinceSeconds', 'sinceTime', 'timestamps', 'stream'];

interface LogOptions {
  readonly follow: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** GET of the log of an instance: what its machine wrote to its serial console, as text. */
export async function getLog(call: Call, target: Target, parts: Parts): Promise<Answer> {
  const { served, store, context, namespace, name = '', wanted } = target;
  const options = logOptions(call.query);
  const instance = await store.get(context, served.stored?.id ?? '', { namespace, name });
  if (instance === undefined) throw objectNotFound(served, name);
  const { uid } = instance.metadata;
  const found = await parts.readConsole(uid, 0).catch((error: unknown): never => {
    throw fromStore(error, { served, namespace, name, verb: 'read', subresource: 'log' });
  });
  if (!isConsolePage(found)) return nothingYet(found, name);
  const text = within(found.text, options);
  if (!options.follow) return { status: 200, type: 'text/plain', body: text };
  const body = whileAllowed(parts.authority, call.identity, wanted, call.signal(), async (out, signal) => {
    const over = new AbortController();
    const end = whileValid(call.identity, () => over.abort());
    try {
      const later = followConsole(parts.readConsole, uid, found.nextBytes, AbortSignal.any([signal, over.signal]));
      await send(out, text, later, options.limitBytes);
    } finally {
      end();
    }
  });
  return { status: 200, type: 'text/plain', body };
}

async function send(
  out: Output,
  first: string,
  later: AsyncIterable<ConsolePage>,
  limitBytes = Infinity,
): Promise<void> {
  let left = limitBytes - Buffer.byteLength(first);
  out.write(first);
  if (left <= 0) return;
  for await (const { text } of later) {
    const part = cut(text, left);
    left -= Buffer.byteLength(part);
    if (!out.write(part)) await out.drained();
    if (left <= 0 || out.waiting() > mostWaitingBytes) return;
  }
}

function nothingYet({ message }: NoConsole, name: string): never {
  throw badRequest(`the log of instance ${JSON.stringify(name)} cannot be read: ${message}`);
}

/** Throws 400 and 422 as Kubernetes does for the log of a pod. */
function logOptions(query: URLSearchParams): LogOptions {
  const tailLines = wholeNumber(query, 'tailLines');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const causes: Cause[] = [
    ...(tailLines !== undefined && tailLines < 0
      ? [cause('tailLines', `Invalid value: ${tailLines}: must be greater than or equal to 0`)]
      : []),
    ...(limitBytes !== undefined && limitBytes < 1
      ? [cause('limitBytes', `Invalid value: ${limitBytes}: must be greater than 0`)]
      : []),
    ...withoutMeaning
      .filter((name) => isTrue(query.get(name)) && query.get(name) !== '')
      .map((name) => cause(name, 'Invalid value: a serial console has no such thing')),
  ];
  if (causes.length > 0) throw invalid({ group: '', version: 'v1', kind: 'PodLogOptions' }, '', causes);
  return { follow: isTrue(query.get('follow')), tailLines, limitBytes };
}

function cause(field: string, message: string): Cause {
  return { field, reason: 'FieldValueInvalid', message };
}

/** The last lines, and of those the first bytes. */
function within(text: string, { tailLines, limitBytes }: LogOptions): string {
  const tail = tailLines === undefined ? text : lastLines(text, tailLines);
  return limitBytes === undefined ? tail : cut(tail, limitBytes);
}

function lastLines(text: string, lines: number): string {
  if (lines === 0) return '';
  // The last line may be one that is still being written.
  let at = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let left = lines; left > 0 && at > 0; left -= 1) at = text.lastIndexOf('\n', at - 1);
  return at <= 0 ? text : text.slice(at + 1);
}

/** At most so many bytes; a character that would be torn is left out. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}
