import type { GraphQLSchema } from 'graphql';
import { factsOf } from '../../kinds/generator/facts.ts';
import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import { readModel } from '../../kinds/generator/model.ts';
import type { Reference } from '../../kinds/kind.ts';
import type { Schema } from '../../kinds/schema/schema.ts';

/** Where forms find that a text is the name of an object. */
const refKey = 'x-datum-ref';

/**
 * graphql-codegen plugin: `console/generated/schemas.json`, the schema of what people write of each kind, for forms and
 * completion. Status is left out: nobody writes it there. Fields that name objects say of which kind.
 */
export function plugin(schema: GraphQLSchema): string {
  const entries = factsOf(readModel(schema)).kinds.map((kind) => {
    const { status: _, ...properties } = structuredClone(kind.schema.properties ?? {});
    const written: Schema = { ...kind.schema, properties };
    for (const reference of kind.references) markReference(written, reference);
    return [apiNames(kind).many, written] as const;
  });
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}

/** Marks what is written of a reference: the name itself, or the name and namespace of an object that holds them. */
function markReference(schema: Schema, { path, kind, form }: Reference): void {
  let at: Schema | undefined = schema;
  for (const step of path.split('.')) {
    const property: Schema | undefined = at?.properties?.[step.replace('[]', '')];
    at = step.endsWith('[]') ? property?.items : property;
  }
  // What is in the status is not written.
  if (at === undefined) return;
  const { name, namespace } = at.properties ?? {};
  if (form === 'name') mark(at, { kind });
  else if (name !== undefined) mark(name, { kind, ...(namespace === undefined ? {} : { hasNamespace: true }) });
  if (namespace !== undefined) mark(namespace, { kind: 'Namespace' });
}

function mark(schema: Schema, ref: object): void {
  Object.assign(schema, { [refKey]: ref });
}
