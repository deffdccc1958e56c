/** A value as JSON knows it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | Json[]
  | {
      [key: string]: Json;
    };
/**
 * Structural schema: the subset of JSON Schema that Kubernetes definitions use, so that validation, pruning, defaults,
 * OpenAPI and CRD documents all come from this one value.
 */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly {
    readonly rule: string;
    readonly message?: string;
  }[];
  /** Default that is applied on reading and never stored. */
  readonly 'x-datum-default'?: Json;
  /** Exactly one of these properties is set (at most one where `optional`). */
  readonly 'x-datum-one-of'?: {
    readonly fields: readonly string[];
    readonly optional: boolean;
  };
  /** The value cannot change after creation. */
  readonly 'x-datum-immutable'?: boolean;
  /** Values below are secrets: messages do not show them. */
  readonly 'x-datum-sensitive'?: boolean;
  /** Stored, but nothing acts on it yet, unless the value is the one that is excepted. */
  readonly 'x-datum-not-yet'?: {
    readonly except?: Json;
  };
}
