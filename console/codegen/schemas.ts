import type { GraphQLSchema } from 'graphql';
import { factsOf } from '../../kinds/generator/facts.ts';
import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import { readModel } from '../../kinds/generator/model.ts';

/**
 * graphql-codegen plugin: `console/generated/schemas.json`, the schema of what people write of each kind, for forms and
 * completion. Status is left out: nobody writes it there.
 */
export function plugin(schema: GraphQLSchema): string {
  const entries = factsOf(readModel(schema)).kinds.map((kind) => {
    const { status: _, ...properties } = kind.schema.properties ?? {};
    return [apiNames(kind).many, { ...kind.schema, properties }] as const;
  });
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}
