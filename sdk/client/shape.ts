import type { Kind } from './kind.ts';

/** Fields with their parts; undefined for a field that has none. */
export interface Shape {
  readonly [field: string]: Shape | undefined;
}

const shapes = new WeakMap<Kind, Shape>();

/** The kind's own fields, relations not among them. */
export function shapeOf(kind: Kind): Shape {
  let shape = shapes.get(kind);
  if (shape === undefined) {
    shape = shapeOfText(`apiVersion kind metadata{${kind.metadata}} ${kind.fields}`);
    shapes.set(kind, shape);
  }
  return shape;
}

/** Every field of a shape, as GraphQL writes it. Who wrote which field is much, and left out where nobody asks by name. */
export function everything(shape: Shape): string {
  return Object.entries(shape)
    .filter(([field]) => field !== 'managedFields')
    .map(([field, parts]) => (parts === undefined ? field : `${field}{${everything(parts)}}`))
    .join(' ');
}

/** Reads `a b{c d{e}}`, which is always well formed. */
export function shapeOfText(text: string): Shape {
  const root: Record<string, Shape | undefined> = {};
  const open = [root];
  let last = '';
  for (const [token] of text.matchAll(/\w+|[{}]/g)) {
    const at = open.at(-1) ?? root;
    if (token === '{') {
      const parts: Record<string, Shape | undefined> = {};
      at[last] = parts;
      open.push(parts);
    } else if (token === '}') {
      open.pop();
    } else {
      at[token] = undefined;
      last = token;
    }
  }
  return root;
}
