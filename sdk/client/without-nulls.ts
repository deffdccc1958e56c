/**
 * An answer without what is null: GraphQL answers null for what is absent, manifests leave it out. What holds nulls is made
 * anew and not changed, since an object that loses fields is slow ever after.
 */
export function withoutNulls<T>(value: T): T;
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutNulls(item));
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (field !== null) define(result, name, withoutNulls(field as unknown));
  }
  return result;
}

/** Sets a field of its own, whatever its name: keys of maps are free, `__proto__` included. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
