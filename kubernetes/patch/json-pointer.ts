import { DecodeError } from '../body/decode-error.ts';

/** Segments of a JSON pointer (RFC 6901); none for the whole document. Throws DecodeError. */
export function pointerOf(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/') || /~(?![01])/.test(path))
    throw new DecodeError(`${JSON.stringify(path.slice(0, 200))} is no JSON pointer`);
  const segments = path.slice(1).split('/');
  return path.includes('~') ? segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')) : segments;
}

/** Place in a list that a segment names; `length` is one behind the last. Undefined where it names none. */
export function placeOf(segment: string, length: number): number | undefined {
  if (!/^(0|[1-9]\d{0,8})$/.test(segment)) return undefined;
  const place = Number(segment);
  return place <= length ? place : undefined;
}
