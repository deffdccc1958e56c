/** A value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; `undefined` members are left out when it is sent or stored. */
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member as an object, or an empty one when it is absent or something else. */
export function objectAt(value: JsonObject, field: string): JsonObject {
  const member = value[field];
  return isObject(member) ? member : {};
}

/** The member's elements that are objects; anything else gives an empty list. */
export function objectsAt(value: JsonObject, field: string): readonly JsonObject[] {
  const member = value[field];
  return Array.isArray(member) ? member.filter(isObject) : [];
}

export function stringsAt(value: JsonObject, field: string): readonly string[] {
  const member = value[field];
  return Array.isArray(member) ? member.filter((item) => typeof item === 'string') : [];
}

export function stringAt(value: JsonObject, field: string): string | undefined {
  const member = value[field];
  return typeof member === 'string' ? member : undefined;
}

/** A number, also when it is sent as a decimal string, which is how Google sends int64. */
export function numberAt(value: JsonObject, field: string): number | undefined {
  const member = value[field];
  if (typeof member === 'number') return member;
  return typeof member === 'string' && /^-?\d+$/.test(member) ? Number(member) : undefined;
}

/** JSON merge patch (RFC 7396): arrays are replaced whole, `null` clears. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...target };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else if (isObject(value)) result[field] = mergePatch(objectAt(target, field), value);
    else if (value !== undefined) result[field] = value;
  }
  return result;
}

/** Equal in content, whatever the order of members. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  return canonical(left) === canonical(right);
}

/** A text that is the same for equal values. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  let text = '';
  for (const field of Object.keys(value).sort()) {
    if (value[field] !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(field)}:${canonical(value[field])}`;
  }
  return `{${text}}`;
}
