import type { GraphQLSchema } from 'graphql';
import type { Kind } from '../kind.ts';
import type { Schema } from '../schema/schema.ts';
import type { Model } from './model.ts';
/** What `generated/facts.json` holds. */
export interface Facts {
    readonly kinds: readonly Kind[];
    /** Schema of `metadata`, the same for every kind. */
    readonly metadata: Schema;
}
/** The facts of all kinds of the SDL. */
export declare function factsOf(model: Model): Facts;
/** graphql-codegen plugin: `generated/facts.json`. */
export declare function plugin(schema: GraphQLSchema): string;
