/** What a glance at JSON text tells about it, without reading it properly. */
export interface Glance {
  /** Members of all objects, counted as they are written; more than were read means that some came twice. */
  readonly members: number;
  readonly depth: number;
  /** Some number may not survive as a double: it is long, or has an exponent. */
  readonly oddNumbers: boolean;
  /** Some key is written with an escape: engines have been seen to mistake such keys for others, and others for them. */
  readonly escapedKeys: boolean;
}

const quote = 0x22;
const backslash = 0x5c;

/** One pass over text that `JSON.parse` takes; strings are skipped by native search. */
export function glance(text: string): Glance {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  let oddNumbers = false;
  let escapedKeys = false;
  const hasEscapes = text.includes('\\');
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        if (hasEscapes && !escapedKeys) escapedKeys = isEscapedKey(text, at);
        at = endOfString(text, at);
        break;
      case 0x3a: // :
        members += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > deepest) deepest = depth;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      default: {
        const end = endOfNumber(text, at);
        if (end > at) {
          if (end - at > maxPlainDigits || hasExponent(text, at, end)) oddNumbers = true;
          at = end - 1;
        }
      }
    }
  }
  return { members, depth: deepest, oddNumbers, escapedKeys };
}

/** Every integer of so many digits is a double. */
const maxPlainDigits = 15;

/** Whether a string is a key, and not written as it is meant. */
function isEscapedKey(text: string, start: number): boolean {
  const end = endOfString(text, start);
  const escape = text.indexOf('\\', start);
  if (escape === -1 || escape > end) return false;
  let behind = end + 1;
  while (text.charCodeAt(behind) <= 0x20) behind += 1;
  return text.charCodeAt(behind) === 0x3a;
}

/** Place of the quote that ends the string which begins at `start`. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

/** Place behind the number that begins at `start`; `start` itself where none does. */
export function endOfNumber(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return start;
  let end = start + 1;
  while (isNumberPart(text.charCodeAt(end))) end += 1;
  return end;
}

function isNumberPart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2b || code === 0x2d || isExponent(code);
}

function isExponent(code: number): boolean {
  return code === 0x65 || code === 0x45;
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (isExponent(text.charCodeAt(at))) return true;
  return false;
}
