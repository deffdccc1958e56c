import type { FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType } from 'graphql';

/** A condition of @skip or @include: the variable, or the value itself, must be `wanted`. */
export interface Condition {
  readonly wanted: boolean;
  readonly value: boolean | { readonly variable: string };
}

/** What is to be done for one response key of a selection on one object type. */
export interface FieldPlan {
  readonly key: string;
  readonly name: string;
  readonly definition: GraphQLField<unknown, unknown>;
  /** First of the nodes that ask for it: has the arguments, and the place for errors. */
  readonly node: FieldNode;
  readonly type: GraphQLOutputType;
  /** Absent: the property of the source with the field's name. */
  readonly resolve: GraphQLField<unknown, unknown>['resolve'];
  /** Its arguments, where they need no variable. */
  readonly constantArguments: Readonly<Record<string, unknown>> | undefined;
  /** Selected when one of these lists holds in full; undefined: always. */
  readonly conditions: readonly (readonly Condition[])[] | undefined;
  /** Selection below, for the object type that turns up; undefined for leaves. */
  readonly below: ((type: GraphQLObjectType) => SelectionPlan) | undefined;
}

/** Fields of a selection on one object type, in the order of the answer. */
export interface SelectionPlan {
  readonly typeName: string;
  readonly fields: readonly FieldPlan[];
}
