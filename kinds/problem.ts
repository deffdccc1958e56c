/** What can be wrong with a field; the names are those of a Kubernetes status cause. */
export type ProblemReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound';

/** One finding about an object. */
export interface Problem {
  /** Where: `spec.placements[0].cityCodes[1]`, map keys as `[key]`. */
  readonly path: string;
  readonly reason: ProblemReason;
  /** What is wrong, with the prefix that belongs to the reason: `Unsupported value: "Nope": supported values: "Auto"`. */
  readonly message: string;
}

/** The field is missing. */
export function required(path: string, detail?: string): Problem {
  return {
    path,
    reason: 'FieldValueRequired',
    message: detail === undefined ? 'Required value' : `Required value: ${detail}`,
  };
}

/** The value breaks a rule. Objects and lists are shown by their type. */
export function invalid(path: string, value: unknown, detail: string): Problem {
  return { path, reason: 'FieldValueInvalid', message: `Invalid value: ${show(value)}: ${detail}` };
}

/** The value has another type or format than `expected`; `shown` is what is named in its stead. */
export function typeInvalid(path: string, shown: string, expected: string): Problem {
  const text = JSON.stringify(shown);
  return {
    path,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${text}: ${path} in body must be of type ${expected}: ${text}`,
  };
}

/** The value is none of those that are supported. */
export function notSupported(path: string, value: unknown, supported: readonly unknown[]): Problem {
  const list = supported.map(show).join(', ');
  return {
    path,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${show(value)}: supported values: ${list}`,
  };
}

/** The field may not be set, or not to this, here. */
export function forbidden(path: string, detail: string): Problem {
  return { path, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` };
}

/** The value has more than `max` bytes. */
export function tooLong(path: string, max: number): Problem {
  return { path, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${max} bytes` };
}

/** The list or map has more than `max` items. */
export function tooMany(path: string, count: number, max: number): Problem {
  return { path, reason: 'FieldValueTooMany', message: `Too many: ${count}: must have at most ${max} items` };
}

/** The value, or the item of a list by its keys, was there before. */
export function duplicate(path: string, value: unknown): Problem {
  return { path, reason: 'FieldValueDuplicate', message: `Duplicate value: ${show(value)}` };
}

/** The value names something that is not there. */
export function notFound(path: string, value: unknown): Problem {
  return { path, reason: 'FieldValueNotFound', message: `Not found: ${show(value)}` };
}

/** A field that the schema does not know, where that is refused. */
export function unknownField(path: string): Problem {
  return { path, reason: 'FieldValueForbidden', message: `Forbidden: unknown field ${JSON.stringify(path)}` };
}

function show(value: unknown): string {
  if (value === null) return '"null"';
  if (Array.isArray(value)) return '"array"';
  return typeof value === 'object' ? '"object"' : (JSON.stringify(value) ?? '""');
}
