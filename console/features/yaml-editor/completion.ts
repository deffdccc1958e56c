import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { defaultOf, isScalar, type Schema } from '../../catalog/schemas.ts';
import { placeAt, type Step } from './path-at.ts';

/** The schema at a path; undefined where there is none. */
function schemaAt(schema: Schema, path: readonly Step[]): Schema | undefined {
  return path.reduce<Schema | undefined>((at, step) => {
    if (typeof step === 'number') return at?.items;
    const { properties = {} } = at ?? {};
    return Object.hasOwn(properties, step) ? properties[step] : at?.additionalProperties;
  }, schema);
}

/** Completes keys and values by a schema, with what the schema says of them. */
export function completeBy(schema: Schema): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const word = context.matchBefore(/[\w./-]*/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const { path, at } = placeAt(context.state.doc.toString(), word.from);
    const here = schemaAt(schema, path);
    if (here === undefined) return null;
    const options = at === 'key' ? [...keysOf(here), ...(isScalar(here) ? valuesOf(here) : [])] : valuesOf(here);
    return options.length === 0 ? null : { from: word.from, options, validFor: /^[\w./-]*$/ };
  };
}

function keysOf({ properties = {}, required = [] }: Schema): Completion[] {
  return Object.entries(properties).map(([name, schema]) => ({
    label: name,
    type: 'property',
    apply: isScalar(schema) ? `${name}: ` : `${name}:`,
    detail: required.includes(name) ? 'required' : (schema.type ?? ''),
    info: [schema.description, textOfDefault(schema)].filter(Boolean).join('\n'),
    boost: required.includes(name) ? 1 : 0,
  }));
}

function valuesOf(schema: Schema): Completion[] {
  const values = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : []);
  return values.map((label) => ({ label, type: 'enum', info: schema.description ?? '' }));
}

function textOfDefault(schema: Schema): string {
  const value = defaultOf(schema);
  return value === undefined ? '' : `By default ${value}.`;
}
