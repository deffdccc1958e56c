import type { GraphQLSchema } from 'graphql';
import type { Column } from '../kind.ts';
import type { Json } from '../schema/schema.ts';
/** Value rules of a field, from @rule. */
export interface Rule {
    readonly min?: number;
    readonly max?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly pattern?: string;
    readonly format?: string;
    readonly enum?: readonly string[];
    readonly immutable?: boolean;
}
/** A field that names an object of another kind, from @ref. */
export interface Ref {
    readonly kind: string;
    readonly field?: string;
    readonly inverse?: string;
    /** Kinds in which the field refers; absent means all that contain it. */
    readonly holders?: readonly string[];
}
export interface FieldModel {
    readonly name: string;
    readonly description: string;
    /** Name of the object type, enum or scalar, of each item where `list`. */
    readonly type: string;
    readonly category: 'object' | 'enum' | 'scalar';
    readonly list: boolean;
    /** Non-null in the SDL. With a stored default the writer may still leave it out. */
    readonly required: boolean;
    readonly rule: Rule;
    readonly listType?: {
        readonly type: 'map';
        readonly keys: readonly string[];
    } | {
        readonly type: 'set' | 'atomic';
    };
    readonly mapAtomic: boolean;
    readonly default?: {
        readonly value: Json;
        readonly stored: boolean;
    };
    readonly ref?: Ref;
    readonly sensitive: boolean;
    readonly notYet?: {
        readonly except?: Json;
    };
}
export interface ObjectModel {
    readonly name: string;
    readonly description: string;
    readonly fields: readonly FieldModel[];
    readonly oneOf?: {
        readonly fields: readonly string[];
        readonly optional: boolean;
    };
}
export interface EnumModel {
    readonly name: string;
    readonly description: string;
    readonly values: readonly {
        readonly name: string;
        readonly description: string;
    }[];
}
/** A kind; its fields are those of the object type of its name, `metadata` included. */
export interface KindModel {
    readonly name: string;
    readonly description: string;
    readonly group: string;
    readonly version: string;
    readonly area: string;
    readonly plural: string;
    /** Plural in camel case, as GraphQL fields have it: `networkPolicies`. */
    readonly pluralField: string;
    readonly shortNames: readonly string[];
    readonly categories: readonly string[];
    readonly scope: 'Namespaced' | 'Cluster';
    readonly conditions: readonly string[];
    readonly scalable: boolean;
    readonly selectable: readonly string[];
    readonly rootOnly: boolean;
    readonly columns: readonly Column[];
    readonly owned: readonly {
        readonly by: string;
        readonly field: string;
        readonly inverse: string;
    }[];
    readonly via: readonly {
        readonly field: string;
        readonly path: readonly string[];
        readonly single: boolean;
    }[];
}
/** All that the SDL of the kinds says, sorted by name; fields keep the order of the SDL. */
export interface Model {
    readonly kinds: readonly KindModel[];
    readonly objects: ReadonlyMap<string, ObjectModel>;
    readonly enums: ReadonlyMap<string, EnumModel>;
}
/** Reads the SDL of the kinds. Throws when a directive holds what cannot be, with the field's name. */
export declare function readModel(schema: GraphQLSchema): Model;
/** The object type of that name. Throws when there is none. */
export declare function objectOf(model: Model, name: string): ObjectModel;
