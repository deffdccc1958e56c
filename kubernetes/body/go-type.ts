/** A type of the server's language, as far as decoding JSON into it shows on the wire. */
export type GoType =
  | { readonly is: 'string'; readonly name: string }
  | { readonly is: 'bool' }
  | { readonly is: 'int'; readonly bits: 32 | 64 }
  | { readonly is: 'bytes' }
  | { readonly is: 'time' | 'microTime' }
  /** Kept as it comes. */
  | { readonly is: 'raw' }
  | { readonly is: 'list'; readonly item: GoType }
  | { readonly is: 'map'; readonly value: GoType }
  | { readonly is: 'struct'; readonly name: string; readonly fields: Readonly<Record<string, Field>> };

/** Field of a struct. Its zero value says nothing and is left out, unless it is a struct or behind a pointer. */
export type Field = GoType | { readonly pointerTo: GoType };

export const string: GoType = { is: 'string', name: 'string' };
export const bool: GoType = { is: 'bool' };
export const int32: GoType = { is: 'int', bits: 32 };
export const int64: GoType = { is: 'int', bits: 64 };
export const bytes: GoType = { is: 'bytes' };
export const time: GoType = { is: 'time' };
export const microTime: GoType = { is: 'microTime' };
export const raw: GoType = { is: 'raw' };

/** A string with a type of its own, such as `types.UID`. */
export function named(name: string): GoType {
  return { is: 'string', name };
}

export function list(item: GoType): GoType {
  return { is: 'list', item };
}

/** A map from strings. */
export function map(value: GoType): GoType {
  return { is: 'map', value };
}

/** A field whose zero value is told apart from its absence. */
export function pointer(pointerTo: GoType): Field {
  return { pointerTo };
}

export function struct(name: string, fields: Readonly<Record<string, Field>>): GoType {
  return { is: 'struct', name, fields };
}

/** Name of a type in Go's messages. */
export function goName(type: GoType): string {
  switch (type.is) {
    case 'string':
    case 'struct':
      return type.name;
    case 'bool':
      return 'bool';
    case 'int':
      return `int${type.bits}`;
    case 'bytes':
      return '[]uint8';
    case 'time':
      return 'v1.Time';
    case 'microTime':
      return 'v1.MicroTime';
    case 'raw':
      return 'interface {}';
    case 'list':
      return `[]${goName(type.item)}`;
    case 'map':
      return `map[string]${goName(type.value)}`;
  }
}
