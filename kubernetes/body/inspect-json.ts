import { DecodeError } from './decode-error.ts';
import { endOfNumber, endOfString } from './scan-json.ts';

/** A member whose key its object already had. */
export interface DuplicateKey {
  /** `spec.mtu`, `spec.items[0].name`. */
  readonly path: string;
  readonly key: string;
  /** Where the key stands in the text. */
  readonly offset: number;
}

/** More are not told. */
const maxFindings = 100;
const maxInt64 = 2n ** 63n - 1n;

interface Level {
  /** Keys seen so far; undefined for lists. */
  readonly keys: Set<string> | undefined;
  /** Path of the object or list. */
  readonly path: string;
  index: number;
  key: string;
}

/**
 * Looks closely at text that `JSON.parse` takes: which keys came twice. Throws DecodeError for numbers that Kubernetes
 * refuses or that would be changed silently.
 */
export function inspectJson(text: string): DuplicateKey[] {
  const found = new Map<string, DuplicateKey>();
  const levels: Level[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const top = levels.at(-1);
    switch (text[at]) {
      case '{':
      case '[':
        levels.push({ keys: text[at] === '{' ? new Set() : undefined, path: pathOf(top), index: 0, key: '' });
        expectsKey = text[at] === '{';
        break;
      case '}':
      case ']':
        levels.pop();
        expectsKey = false;
        break;
      case ',':
        if (top !== undefined) top.index += 1;
        expectsKey = top?.keys !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (expectsKey && top?.keys !== undefined) {
          top.key = JSON.parse(text.slice(at, end + 1)) as string;
          if (top.keys.has(top.key)) note(found, { path: pathOf(top), key: top.key, offset: at });
          top.keys.add(top.key);
          expectsKey = false;
        }
        at = end;
        break;
      }
      default: {
        const end = endOfNumber(text, at);
        if (end > at) {
          checkNumber(text.slice(at, end));
          at = end - 1;
        }
      }
    }
  }
  return [...found.values()];
}

function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  if (level.keys === undefined) return `${level.path}[${level.index}]`;
  return level.path === '' ? level.key : `${level.path}.${level.key}`;
}

function note(found: Map<string, DuplicateKey>, duplicate: DuplicateKey): void {
  if (found.size < maxFindings && !found.has(duplicate.path)) found.set(duplicate.path, duplicate);
}

/** Throws for numbers beyond a double, and for integers of 64 bits that a double cannot hold exactly. */
export function checkNumber(token: string): void {
  const value = Number(token);
  if (!Number.isFinite(value))
    throw new DecodeError(`json: cannot unmarshal number ${token.slice(0, 40)} into Go value of type float64`);
  if (Number.isSafeInteger(value) || token.length > 20 || !/^-?\d+$/.test(token)) return;
  const exact = BigInt(token);
  if (exact <= maxInt64 && exact >= -maxInt64 - 1n && BigInt(value) !== exact)
    throw new DecodeError(`number ${token} has more digits than can be kept exactly`);
}
