import { factsOf } from '../../kinds/generator/facts.js';
import { apiNames } from '../../kinds/generator/graphql-api/names.js';
import { readModel } from '../../kinds/generator/model.js';
/**
 * graphql-codegen plugin: `console/generated/schemas.json`, the schema of what people write of each kind, for forms and
 * completion. Status is left out: nobody writes it there.
 */
export function plugin(schema) {
  const entries = factsOf(readModel(schema)).kinds.map((kind) => {
    const { status: _, ...properties } = kind.schema.properties ?? {};
    return [apiNames(kind).many, { ...kind.schema, properties }];
  });
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}
