/** One step of a path: a field, an index, or the items whose field has a value. */
const steps = /\.([\w-]+)|\[(\d+)\]|\[\?\(@\.([\w.-]+)=="([^"]*)"\)\]/g;

/** The values at a path in Kubernetes' dialect: `.status.conditions[?(@.type=="Ready")].status`. */
export function valuesAt(object: unknown, path: string): unknown[] {
  let found = [object];
  for (const [, field, index, key, value] of path.matchAll(steps)) {
    found = found.flatMap((each) => {
      if (field !== undefined) return member(each, field);
      if (!Array.isArray(each)) return [];
      const items = each as unknown[];
      if (index !== undefined) return items.slice(Number(index), Number(index) + 1);
      return items.filter((item) => valuesAt(item, `.${key}`)[0] === value);
    });
  }
  return found;
}

function member(object: unknown, field: string): unknown[] {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, field)) return [];
  return [(object as Record<string, unknown>)[field]];
}
