import type { Schema } from '../../kinds/schema/schema.ts';

interface Rule {
  readonly rule: string;
  readonly message: string;
}

/** Names that the Common Expression Language keeps for itself; Kubernetes writes fields of these names with underscores. */
const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var void ' +
    'while'
  ).split(' '),
);

/** A choice between fields as a rule that Kubernetes could check; none where the schema has no choice. */
export function oneOfRules(schema: Schema): readonly Rule[] {
  const oneOf = schema['x-datum-one-of'];
  if (oneOf === undefined) return [];
  const { fields, optional } = oneOf;
  const present = fields.map((field) => `has(self.${celName(field)})`).join(', ');
  return [
    {
      rule: `[${present}].filter(x, x).size() ${optional ? '<=' : '=='} 1`,
      message: `${optional ? 'at most' : 'exactly'} one of ${fields.join(', ')} must be set`,
    },
  ];
}

function celName(field: string): string {
  if (reserved.has(field)) return `__${field}__`;
  return field
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
