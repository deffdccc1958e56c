import type { Schema } from './schema.ts';

const MESSAGE = /export interface Schema\$(\w+) \{([\s\S]*?)\n {4}\}/g;
const FIELD = /^ {8}'?([\w.]+)'?\?: ([\s\S]*?);$(?=\n {8}[\w']|(?![\s\S]))/gm;
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  // In JSON all numbers of 64 bits are strings.
  number: 'double',
  boolean: 'bool',
  any: 'any',
};

/**
 * The messages of an API from the declarations of its client, which Google makes from its description. They tell names and
 * JSON types, and no values of enums: those come from `enums`, by `Message.field`.
 */
export function schemaFromTypes(declarations: string, enums: Schema['enums']): Schema {
  const messages: Record<string, Record<string, string>> = {};
  for (const [, name = '', body = ''] of declarations.matchAll(MESSAGE)) {
    const fields: Record<string, string> = {};
    for (const [, field = '', type = ''] of body
      .replaceAll(COMMENT, '')
      .replaceAll(/\n\s*\n/g, '\n')
      .matchAll(FIELD)) {
      const enumName = `${name}.${field}`;
      fields[field] = Object.hasOwn(enums, enumName) ? `enum:${enumName}` : fieldType(type);
    }
    messages[name] = fields;
  }
  return { messages, enums };
}

function fieldType(declared: string): string {
  const type = declared.replace(/\s*\|\s*null$/, '').trim();
  const map = /^\{\s*\[key: string\]: ([\s\S]*?);\s*\}$/.exec(type);
  if (map?.[1] !== undefined) return `${fieldType(map[1])}{}`;
  if (type.endsWith('[]')) return `${fieldType(type.slice(0, -2))}[]`;
  return SCALARS[type] ?? (type.startsWith('Schema$') ? type.slice('Schema$'.length) : 'any');
}
