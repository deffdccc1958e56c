import { setOwn } from '../../kinds/schema/json.ts';
import { readCarefully, type DuplicateKey, type ReadJson } from './careful-json.ts';
import { DecodeError } from './decode-error.ts';
import { glance } from './glance-json.ts';

/** No manifest is nested deeper; what comes after decoding may recurse safely. */
export const maxDepth = 500;

/** More characters than an ordinary manifest has. */
const muchText = 64 * 1024;
const none: readonly DuplicateKey[] = [];

/**
 * Reads JSON and finds keys that came twice. Keys such as `__proto__` are plain data, halves of surrogate pairs become
 * U+FFFD as in Go. Throws DecodeError.
 */
export function readJson(text: string): ReadJson {
  // What is large and nested without end would take the parser long.
  if (text.length > muchText) refuseDepth(text);
  const parsed = parse(text);
  const { members, depth, oddNumbers, escapedKeys } = glance(text);
  if (depth > maxDepth) throw new DecodeError('exceeded max depth');
  const isPlain = !oddNumbers && !escapedKeys && members === membersOf(parsed);
  const { value, duplicates } = isPlain ? { value: parsed, duplicates: none } : readCarefully(text);
  return { value: halfPairs.test(text) ? wellFormed(value) : value, duplicates };
}

/** Text of a body: bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** Throws where more brackets are open than any manifest has, whatever else is wrong with the text. */
function refuseDepth(text: string): void {
  let depth = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInText) {
      if (code === backslash) index += 1;
      else if (code === quote) isInText = false;
    } else if (code === quote) isInText = true;
    else if (code === bracket || code === brace) depth += 1;
    else if (code === closingBracket || code === closingBrace) depth -= 1;
    if (depth > maxDepth) throw new DecodeError('exceeded max depth');
  }
}

const [quote, backslash, bracket, closingBracket, brace, closingBrace] = [34, 92, 91, 93, 123, 125];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DecodeError(reasonOf(error, text.length));
  }
}

/** In Go's words as far as they can be told; never with the text itself, which may hold secrets. */
function reasonOf(error: unknown, length: number): string {
  const message = error instanceof Error ? error.message : '';
  if (/end of JSON|^Unterminated/.test(message)) return 'unexpected end of JSON input';
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1];
  if (token !== undefined) return `invalid character '${token}' looking for beginning of value`;
  const position = /position (\d+)/.exec(message)?.[1];
  if (Number(position) === length) return 'unexpected end of JSON input';
  return position === undefined ? 'invalid JSON' : `invalid character at position ${position}`;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += membersOf(item);
    return members;
  }
  const inner = Object.values(value);
  members = inner.length;
  for (const item of inner) members += membersOf(item);
  return members;
}

const halfPairs = /\\u[dD][89a-fA-F]/;

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) setOwn(result, key.toWellFormed(), wellFormed(inner));
  return result;
}
