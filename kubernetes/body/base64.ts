import { DecodeError } from './decode-error.ts';

/** Base64 as it is kept: the standard alphabet with padding, without line breaks. Throws DecodeError in Go's words. */
export function base64Of(text: string): string {
  const plain = Buffer.from(text, 'base64').toString('base64');
  if (plain === text) return text;
  const stripped = text.replaceAll(/[\r\n]/g, '');
  const fault = faultIn(stripped);
  if (fault === undefined) return plain;
  // Go counts the line breaks before the fault as well.
  let at = 0;
  for (let left = fault; at < text.length; at += 1) {
    if (text[at] === '\r' || text[at] === '\n') continue;
    if (left === 0) break;
    left -= 1;
  }
  throw new DecodeError(`illegal base64 data at input byte ${at}`);
}

/** Place of the first character that does not belong; undefined where all is well. */
function faultIn(text: string): number | undefined {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  const rest = digits % 4;
  const padding = text.slice(digits);
  if (rest === 0) return padding === '' ? undefined : digits;
  if (rest === 1) return padding === '' ? digits - 1 : digits;
  const wanted = rest === 2 ? '==' : '=';
  if (padding === wanted) return undefined;
  if (padding === '') return digits - rest;
  return digits + (padding.startsWith(wanted) ? wanted.length : [...padding].findIndex((char) => char !== '='));
}
