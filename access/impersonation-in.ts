import { type Impersonation, readImpersonation } from './impersonate.ts';

/** Headers as Node or a browser's `Headers` has them: those that came several times are one, with commas between. */
export function impersonationInHeaders(
  headers: Iterable<readonly [name: string, value: string | readonly string[] | undefined]>,
): Impersonation | undefined {
  return readImpersonation(headerPairs(headers));
}

function* headerPairs(
  headers: Iterable<readonly [string, string | readonly string[] | undefined]>,
): Generator<readonly [string, string]> {
  for (const [name, value] of headers) {
    if (value === undefined || !/^impersonate-/i.test(name)) continue;
    const isList = /^impersonate-(group$|extra-)/i.test(name);
    for (const text of [value].flat())
      for (const part of isList ? text.split(/, */) : [text]) yield [name, fromBytes(part)];
  }
}

/** Parameters of a connection with the names of the headers, in any case; groups and extra values may be lists of texts. */
export function impersonationInParams(
  params: Readonly<Record<string, unknown>> | undefined,
): Impersonation | undefined {
  return readImpersonation(paramPairs(params ?? {}));
}

function* paramPairs(params: Readonly<Record<string, unknown>>): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(params)) {
    if (!/^impersonate-/i.test(name)) continue;
    // What is no text is a wish too, that cannot be met: it must not be overlooked.
    for (const each of [value].flat()) yield [name, typeof each === 'string' ? each : '\0'];
  }
}

/** Header values are bytes, which JavaScript shows as Latin-1. */
export function fromBytes(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}
