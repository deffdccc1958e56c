import { setOwn } from '../../kinds/schema/json.ts';
import { checkNumber } from './check-number.ts';
import { endOfNumber, endOfString } from './glance-json.ts';

/** A member whose key its object already had. */
export interface DuplicateKey {
  /** `spec.mtu`, `spec.items[0].name`. */
  readonly path: string;
  readonly key: string;
  /** Where the key stands in the text. */
  readonly offset: number;
}

/** JSON as it was read; of a key that came twice the last value counts. */
export interface ReadJson {
  readonly value: unknown;
  readonly duplicates: readonly DuplicateKey[];
}

/** More are not told. */
const maxDuplicates = 100;

/** An object or a list that is being read. */
interface Level {
  readonly container: Record<string, unknown> | unknown[];
  /** Path of the object or list. */
  readonly path: string;
  /** Of the member that is being read. */
  key: string;
}

/**
 * Reads text that `JSON.parse` takes, member by member, and finds keys that came twice. Throws DecodeError for numbers that
 * Kubernetes refuses or that would be changed silently.
 */
export function readCarefully(text: string): ReadJson {
  const found = new Map<string, DuplicateKey>();
  const levels: Level[] = [];
  let root: unknown;
  let expectsKey = false;

  const put = (value: unknown): void => {
    const top = levels.at(-1);
    if (top === undefined) root = value;
    else if (Array.isArray(top.container)) top.container.push(value);
    else setOwn(top.container, top.key, value);
  };

  for (let at = 0; at < text.length; at += 1) {
    const top = levels.at(-1);
    switch (text[at]) {
      case '{':
      case '[': {
        const container = text[at] === '{' ? {} : [];
        const path = pathOf(top);
        put(container);
        levels.push({ container, path, key: '' });
        expectsKey = text[at] === '{';
        break;
      }
      case '}':
      case ']':
        levels.pop();
        expectsKey = false;
        break;
      case ',':
        expectsKey = top !== undefined && !Array.isArray(top.container);
        break;
      case '"': {
        const end = endOfString(text, at);
        const string = JSON.parse(text.slice(at, end + 1)) as string;
        if (expectsKey && top !== undefined) {
          top.key = string;
          if (Object.hasOwn(top.container, string)) note(found, { path: pathOf(top), key: string, offset: at });
          expectsKey = false;
        } else put(string);
        at = end;
        break;
      }
      case 't':
        put(true);
        at += 'rue'.length;
        break;
      case 'f':
        put(false);
        at += 'alse'.length;
        break;
      case 'n':
        put(null);
        at += 'ull'.length;
        break;
      default: {
        const end = endOfNumber(text, at);
        if (end === at) break;
        put(checkNumber(text.slice(at, end)));
        at = end - 1;
      }
    }
  }
  return { value: root, duplicates: [...found.values()] };
}

/** Path of the member that comes next. */
function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  const { container, path, key } = level;
  if (Array.isArray(container)) return `${path}[${container.length}]`;
  return path === '' ? key : `${path}.${key}`;
}

function note(found: Map<string, DuplicateKey>, duplicate: DuplicateKey): void {
  if (found.size < maxDuplicates && !found.has(duplicate.path)) found.set(duplicate.path, duplicate);
}
