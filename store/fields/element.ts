import { canonical, isObject, ownValue } from '../../kinds/schema/json.ts';
import type { Json, Schema } from '../../kinds/schema/schema.ts';

/** How field sets name an item of a list, such as `k:{"name":"a"}`; undefined for an item without its keys. */
export type ListElement = (item: unknown) => string | undefined;

/** Names of the items of a list that is told apart by keys; keys with a default may be absent. */
export function listElements(schema: Schema): ListElement {
  const keys = (schema['x-kubernetes-list-map-keys'] ?? [])
    .toSorted()
    .map((name) => ({ name, text: `${JSON.stringify(name)}:`, fallback: schema.items?.properties?.[name]?.default }));
  return (item) => {
    let text = 'k:{';
    for (const key of keys) {
      const value = ownValue(item, key.name) ?? key.fallback;
      if (value === undefined || value === null) return undefined;
      text += `${text === 'k:{' ? '' : ','}${key.text}${JSON.stringify(value)}`;
    }
    return `${text}}`;
  };
}

/** One step of a path as messages show it: `.spec`, `[name="a"]`, `[="IPv4"]`, `[0]`. */
export function showElement(element: string): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${rest}`;
    case 'k': {
      const keys = Object.entries(JSON.parse(rest) as Record<string, Json>);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

/** The element in the one form that we write, or undefined for what is none. `.` is none either. */
export function normalElement(element: string): string | undefined {
  const rest = element.slice(2);
  if (element[1] !== ':') return undefined;
  switch (element[0]) {
    case 'f':
      return element;
    case 'i':
      return /^\d+$/.test(rest) ? element : undefined;
    case 'k':
    case 'v':
      try {
        const value: unknown = JSON.parse(rest);
        return element[0] === 'k' && !isObject(value) ? undefined : `${element[0]}:${canonical(value)}`;
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}
