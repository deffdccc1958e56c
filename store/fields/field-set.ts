import { showElement } from './element.ts';

/**
 * A set of fields in FieldsV1 form: `{"f:spec": {".": {}, "f:mtu": {}}}`. A node without children is a field of the set; a
 * node with children is one where it has the child `.`. Never altered once made. Elements have prefixes, so no name of a
 * field can be mistaken for something inherited.
 */
export interface Fields {
  readonly [element: string]: Fields;
}

/** Whether the node itself, and not only something below it, is in the set. */
export function isMember(node: Fields | undefined): boolean {
  return node !== undefined && (node['.'] !== undefined || !hasChildren(node));
}

/** Whether the node has anything below it, or `.`. */
export function hasChildren(node: Fields): boolean {
  for (const _ in node) return true;
  return false;
}

/** All that is in either set. */
export function union(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  const children: Record<string, Fields> = isMember(a) || isMember(b) ? { '.': {} } : {};
  for (const element in a) if (element !== '.') children[element] = a[element] as Fields;
  for (const element in b) {
    // Both have what a union of two nodes has: never undefined.
    if (element !== '.') children[element] = union(children[element], b[element]) as Fields;
  }
  return normal(children);
}

/** What is in `a` and not in `b`; undefined when that is nothing, `a` itself when they have nothing in common. */
export function difference(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || b === undefined) return a;
  if (!hasChildren(a)) return isMember(b) ? undefined : a;
  let changed = false;
  const children: Record<string, Fields> = {};
  for (const element in a) {
    const own = a[element] as Fields;
    const left = element === '.' ? (isMember(b) ? undefined : own) : difference(own, b[element]);
    if (left !== own) changed = true;
    if (left !== undefined) children[element] = left;
  }
  if (!changed) return a;
  return hasChildren(children) ? normal(children) : undefined;
}

/** What is in both sets; undefined when that is nothing. */
export function intersection(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || b === undefined) return undefined;
  const member = isMember(a) && isMember(b);
  const children: Record<string, Fields> = member ? { '.': {} } : {};
  for (const element in a) {
    if (element === '.') continue;
    const both = intersection(a[element], b[element]);
    if (both !== undefined) children[element] = both;
  }
  return hasChildren(children) ? normal(children) : undefined;
}

/** The set without everything at and below these fields of its root; undefined when nothing is left. */
export function without(fields: Fields | undefined, elements: readonly string[]): Fields | undefined {
  if (fields === undefined || !elements.some((element) => fields[element] !== undefined)) return fields;
  let rest: Record<string, Fields> | undefined;
  for (const element in fields) if (!elements.includes(element)) (rest ??= {})[element] = fields[element] as Fields;
  return rest;
}

/** Paths of all fields of the set, as messages show them: `.spec.containers[name="a"].image`. */
export function pathsOf(fields: Fields | undefined, prefix = ''): string[] {
  if (fields === undefined) return [];
  const below = Object.keys(fields)
    .filter((element) => element !== '.')
    .toSorted()
    .flatMap((element) => pathsOf(fields[element], prefix + showElement(element)));
  return isMember(fields) ? [prefix, ...below] : below;
}

/** A node that has no child but `.` has none. */
function normal(children: Record<string, Fields>): Fields {
  for (const element in children) if (element !== '.') return children;
  return {};
}
