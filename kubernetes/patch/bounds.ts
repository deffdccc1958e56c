import { maxDepth } from '../body/read-json.ts';

/** What patches may make at most, in characters of JSON: copies could double an object with every operation. */
export const maxResultCharacters = 3 * 1024 * 1024;

/**
 * About how many characters of JSON a value takes, counted no further than `limit`; undefined where it takes more or is
 * nested too deeply for what comes after.
 */
export function sizeWithin(value: unknown, limit: number): number | undefined {
  let size = 0;
  const waiting: [value: unknown, depth: number][] = [[value, 1]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [each, depth] = next;
    if (typeof each === 'object' && each !== null) {
      if (depth > maxDepth) return undefined;
      for (const [key, inner] of Object.entries(each)) {
        size += Array.isArray(each) ? 1 : key.length + 4;
        waiting.push([inner, depth + 1]);
      }
      size += 2;
    } else size += typeof each === 'string' ? each.length + 2 : 5;
    if (size > limit) return undefined;
  }
  return size;
}
