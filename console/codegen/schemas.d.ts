import type { GraphQLSchema } from 'graphql';
/**
 * graphql-codegen plugin: `console/generated/schemas.json`, the schema of what people write of each kind, for forms and
 * completion. Status is left out: nobody writes it there.
 */
export declare function plugin(schema: GraphQLSchema): string;
