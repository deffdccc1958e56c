import type { Schema } from './schema/schema.ts';
/** A printed column, after the name. `jsonPath` is in Kubernetes' dialect. */
export interface Column {
    readonly name: string;
    readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
    readonly jsonPath: string;
    readonly wide: boolean;
}
/** A field that names an object of another kind. */
export interface Reference {
    /** Where it stands: `spec.template.spec.networkInterfaces[].network`. */
    readonly path: string;
    /** Id of the kind it names. */
    readonly kind: string;
    /** `object`: the field holds `name` and perhaps `namespace`; `name`: the field is the name itself. */
    readonly form: 'object' | 'name';
    /** GraphQL field that resolves the reference, on the object that holds it. */
    readonly field?: string;
    /** GraphQL field on the named kind that lists those who refer to it. */
    readonly inverse?: string;
}
/** A kind whose objects own those of this one, as their controller. */
export interface Owner {
    /** Id of the owning kind. */
    readonly kind: string;
    /** GraphQL field that leads to the owner. */
    readonly field: string;
    /** GraphQL field on the owner that lists what it owns. */
    readonly inverse: string;
}
/** A GraphQL relation that is reached by walking other relations in turn. */
export interface Derived {
    readonly field: string;
    /** Relation fields, the first on this kind. */
    readonly path: readonly string[];
    /** The first object found instead of all. */
    readonly single: boolean;
}
/**
 * What the rest of the product knows about a kind. Ours come from the SDL by way of `generated/`; kinds that users define
 * join the same registry while the product runs.
 */
export interface Kind {
    /** Unique name of the kind in store, queue and registry: `Network`; `Name.group` for kinds that users define. */
    readonly id: string;
    /** The `kind` in manifests. */
    readonly name: string;
    /** Empty for the core group. */
    readonly group: string;
    readonly version: string;
    readonly plural: string;
    readonly singular: string;
    readonly shortNames: readonly string[];
    readonly categories: readonly string[];
    readonly scope: 'Namespaced' | 'Cluster';
    /** Objects exist in the root control plane only. */
    readonly rootOnly?: boolean;
    /** Folder under kinds/ and subgraph that serves it: `core`, `networking`, `compute`. */
    readonly area: string;
    readonly description: string;
    /** Structural schema of the object without `apiVersion`, `kind` and `metadata`. */
    readonly schema: Schema;
    readonly columns: readonly Column[];
    /** Whether `status` is written by a path of its own. Kinds with status count `metadata.generation`. */
    readonly hasStatus: boolean;
    /** Whether the wanted and the running number of replicas have a path of their own. */
    readonly hasScale: boolean;
    /** Condition types that a new object starts with, as Unknown/Pending. */
    readonly conditions: readonly string[];
    readonly references: readonly Reference[];
    readonly owners: readonly Owner[];
    readonly derived: readonly Derived[];
    /** Paths that a field selector may name, `metadata.name` and `metadata.namespace` included. */
    readonly selectable: readonly string[];
    /** Top-level fields whose values are encrypted at rest. */
    readonly sensitive: readonly string[];
}
/** `group/version`, or `version` for the core group. */
export declare function apiVersionOf(kind: Pick<Kind, 'group' | 'version'>): string;
/** Whether `metadata.generation` counts changes of the spec: the kinds that are not built into Kubernetes. */
export declare function countsGeneration(kind: Pick<Kind, 'group' | 'hasStatus'>): boolean;
