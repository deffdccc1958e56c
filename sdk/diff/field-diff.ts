/** A field that is different. `before` is absent for what came, `after` for what went. */
export interface FieldChange {
  /** `spec.placements[0].cityCodes` */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The fields in which two objects differ, the smallest that do. Lists are compared item by item, by position. */
export function fieldDiff(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (Object.is(before, after)) return [];
  const [fields, others] = [partsOf(before), partsOf(after)];
  if (fields === undefined || others === undefined || Array.isArray(before) !== Array.isArray(after))
    return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  const names = new Set([...Object.keys(fields), ...Object.keys(others)]);
  return [...names].flatMap((name) =>
    fieldDiff(own(fields, name), own(others, name), join(path, name, Array.isArray(before))),
  );
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function own(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function join(path: string, name: string, isItem: boolean): string {
  if (isItem) return `${path}[${name}]`;
  // Keys of maps may hold dots.
  if (!/^\w+$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}
