import { isObject } from '../schema/json.ts';

/**
 * The object without those of its fields that are empty: what Kubernetes' own kinds leave out, whoever writes them. The
 * argument is not touched; it is the answer where nothing is empty.
 */
export function withoutEmpty<T extends object>(object: T, fields: readonly (keyof T & string)[]): T {
  const empty = fields.filter((field) => Object.hasOwn(object, field) && isEmpty(object[field]));
  if (empty.length === 0) return object;
  return Object.fromEntries(Object.entries(object).filter(([field]) => !(empty as string[]).includes(field))) as T;
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === 0 || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
