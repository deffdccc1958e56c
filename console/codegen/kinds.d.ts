import type { GraphQLSchema } from 'graphql';
/** graphql-codegen plugin: `console/generated/kinds.ts`, what the console has to know of kinds before it shows them. */
export declare function plugin(schema: GraphQLSchema): string;
